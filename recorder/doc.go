// Package recorder keeps sessions in a SQLite database: every frame with the event
// that the engine gave it, in order, so that any session can be judged again.
//
// It guarantees law L8: no detected secret reaches the file, its WAL or an error
// text. Each is replaced by a keyed stand-in of the same length that its own
// detector still finds; then the engine is asked whether the stored bytes give the
// live event, and the entry says so (policy.Fidelity). An Escrow keeps the originals
// too, encrypted to somebody who isn't here; none is kept unless it is asked for.
//
// # Durability
//
// An entry is committed before its wait returns. Normal (the default) commits to the
// WAL, which survives a kill of the process; Strict syncs it too, which survives a
// loss of power; Async returns at once and commits within 20 ms. Entries that wait at
// the same time share one commit, made by the first who waits. Several processes may
// write to one file; they queue by a lock beside it.
//
// # Integrity
//
// The entries are the leaves of a tree (RFC 6962; see tree.go for a leaf's bytes). A
// checkpoint signs its root with the store's Ed25519 key: when a session ends, when
// the store is closed, each minute of heavy writing, and when Checkpoint is called.
// Nothing of it is on the way of a message. Verify hashes everything again, and says
// which entry isn't as it was signed. It can't see a change made before the first
// checkpoint over an entry, nor that whoever holds the signing key wrote all anew, nor
// that the whole file was put back to an older state: the last two show against a
// note that was kept elsewhere (VerifyOptions.Anchors).
//
// # What proxies share
//
// Beside what is recorded, and signed, several proxies share grants, questions to the
// user and marks of sessions: see shared.go. None of it is signed.
//
// # Packing
//
// Entries that a checkpoint covers are moved from rows into compressed blocks, of one
// session each, once their session has ended, or fill a block: by a goroutine of the
// store, and by Close for a second at most. Messages of 4 KB and more are stored once,
// whichever entries have them. A block holds the same bytes as its rows did, so that
// hashes and proofs stay valid; see pack.go and block.go.
//
// # Schema (user_version 5)
//
//	policies  digest TEXT PRIMARY KEY, sources TEXT     sources as JSON
//	sessions  num INTEGER PRIMARY KEY, id TEXT UNIQUE   one row a session
//	          info TEXT      SessionInfo as JSON
//	          policy TEXT    digest of its policy
//	          owner TEXT     the open store that writes it
//	          first INTEGER  its entries' seq are at least first and, once it has
//	          last INTEGER   ended, at most last; others' may stand between
//	          ended INTEGER  ns since the epoch, NULL while it runs
//	          reason TEXT    why it ended: closed, crashed, gap, or what failed
//	          lost INTEGER   entries that could not be written
//	          actions TEXT   its entries by action as JSON, once it has ended
//	          times TEXT     Timing as JSON; no checkpoint covers it, its entries say it all
//	          sealed INTEGER 1: a checkpoint has its end; 2: and its entries were
//	                         pruned, so that their data is empty
//	entries   seq INTEGER PRIMARY KEY                   order over all sessions
//	          session INTEGER, n INTEGER                its place in its session; session 0:
//	                                                    no entry, but the last one's seq
//	          action INTEGER                            policy.Action
//	          data BLOB                                 see entry.go
//	blocks    first INTEGER PRIMARY KEY                 seq of its first entry
//	          session INTEGER, n INTEGER                the first's place in its session
//	          rows BLOB                                 of each entry, how much its seq is
//	                                                    more than the last (uvarint), action
//	          bodies BLOB                               hashes of the messages beside it
//	          data BLOB                                 see block.go; empty if pruned
//	bodies    num INTEGER PRIMARY KEY
//	          hash BLOB UNIQUE                          SHA-256 of the message
//	          data BLOB                                 the message, as a zstd frame
//	checkpoints num INTEGER PRIMARY KEY
//	          start INTEGER, size INTEGER               it is the first over the entries
//	                                                    after start, up to size
//	          note TEXT      C2SP signed note of the tree's size and root
//	          leaves BLOB    hashes of those entries, 32 bytes each
//	          edge BLOB      hashes of the tree's full subtrees, largest first
//	tools     server TEXT, name TEXT, digest TEXT, first_seen INTEGER
//	                                                    definitions trusted at first sight
//	grants    num INTEGER PRIMARY KEY, id TEXT UNIQUE   see Grant
//	          server, tool, args, note, maker TEXT      args: Grant.ArgsDigest, maker: By
//	          created, expires, used, revoked INTEGER   ns since the epoch, 0 if not
//	          session TEXT, entry INTEGER               whose call used it
//	asks      num INTEGER PRIMARY KEY, id TEXT UNIQUE   see Ask
//	          session TEXT, entry INTEGER               whose call it is about
//	          server, tool, rule, reason, shown, digest TEXT
//	          created, expires INTEGER                  ns since the epoch
//	          approved INTEGER, remember TEXT,          the answer, NULL while there is none
//	          answerer TEXT, answered INTEGER
//	          closed TEXT                               how, NULL while it isn't
//	          turn INTEGER                              order of answers and closings, 0 while pending
//	marks     num INTEGER PRIMARY KEY AUTOINCREMENT     see Mark
//	          session, server, client, label TEXT, at INTEGER
//	meta      key TEXT PRIMARY KEY, value TEXT          verifier: the public key
//
// All tables are STRICT. The key of the stand-ins and the key that signs are in files
// beside the database, never in it.
package recorder
