package recorder

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// A packer compresses. It has some megabytes of tables: make one, use it, drop it.
type packer struct{ enc *zstd.Encoder }

func newPacker() (*packer, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true), zstd.WithEncoderDictRaw(dictID, []byte(dictionary)))
	if err != nil {
		return nil, fmt.Errorf("starting to compress: %w", err)
	}
	return &packer{enc}, nil
}

// pack appends a frame to dst.
func (p *packer) pack(dst, plain []byte) []byte { return p.enc.EncodeAll(plain, dst) }

// An unpacker is a packer's inverse. It starts no goroutine.
type unpacker struct{ dec *zstd.Decoder }

// maxPlain bounds what a frame can grow to: more than a message, and what is stored
// beside it, can have.
const maxPlain = 1<<30 + 1<<28

func newUnpacker() (*unpacker, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(maxPlain), zstd.WithDecoderDictRaw(dictID, []byte(dictionary)))
	if err != nil {
		return nil, fmt.Errorf("starting to decompress: %w", err)
	}
	return &unpacker{dec}, nil
}

func (u *unpacker) unpack(frame []byte) ([]byte, error) { return u.dec.DecodeAll(frame, nil) }

func (u *unpacker) close() { u.dec.Close() }

// dictionary is what every frame can refer to: how messages and verdicts begin, the
// most usual last. It is part of the format: it must never change; another one would
// need an id of its own.
const (
	dictID     = 0x52574431
	dictionary = `{"jsonrpc":"2.0","method":"notifications/initialized"}{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1,"total":1}}` +
		`"notifications/message","params":{"level":"info","logger":"","data":"` +
		`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"","version":"1.0.0"}}}` +
		`{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{"logging":{},"completions":{},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true}},"serverInfo":{"name":"","title":"","version":"1.0.0"},"instructions":"` +
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":""}}{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"","title":"","description":"","inputSchema":{"type":"object","properties":{"path":{"type":"string","description":""},"items":{"type":"array","items":{"type":"number","default":0}},"enabled":{"type":"boolean"}},"required":["path"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"outputSchema":{"annotations":{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}]}}` +
		`"method":"resources/read","params":{"uri":"file:///"}}"result":{"contents":[{"uri":"file:///","mimeType":"text/plain","text":"` +
		`"method":"prompts/get""method":"resources/list""method":"prompts/list""method":"tasks/get""method":"sampling/createMessage""method":"completion/complete"` +
		`{"fact":"session","server":"","vars":{"CWD":"/home/","HOME":"/home/","PROJECT_DIR":"/home/"},"basis":"process","tools":{` +
		`{"matched":["no-secrets-out","no-injected-instructions"],"findings":[{"pointer":"/params/arguments/","kind":"","view":"raw","start":0,"end":0,"severity":"high","rule":""}],"redactions":[{"start":0,"end":0,"kind":""}]}` +
		`{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"","data":{` +
		`"structuredContent":{"isError":true,"_meta":{"progressToken":0}}` +
		`notificationrequestresponseerrorfactdefaultdefault.yamltools/callengine:POLICY_DENIED2025-11-252025-06-182026-07-28` +
		`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"","annotations":null}],"isError":false}}` +
		`{"method":"tools/call","params":{"name":"","arguments":{"path":"/home/","command":"","query":"","url":"https://","content":""},"_meta":{"progressToken":1}},"jsonrpc":"2.0","id":1}` +
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"","arguments":{"`
)
