package recorder

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// A block is some entries of one session, packed: nothing of their data is lost, so
// that the tree's leaves stay what they were. Its data is a format byte and
//
//	verbatim:  a zstd frame of each entry's data, with its length in front
//	columns:   the entries' digests, which don't compress, then a zstd frame of the
//	           columns below, each with its length in front
//
// What is alike stands together in a column, and times are kept as differences.
// Messages of minBody bytes and more stand in the table of bodies, once each.
const (
	blockVerbatim = 1
	blockColumns  = 2
)

const (
	blockRows  = 64        // entries of a block
	blockBytes = 256 << 10 // it is ended once its messages have as many
	minBody    = 4 << 10
)

// The columns of a block.
const (
	colTimes   = iota // At, less that of the entry before; for format 2 how long it took, and the change of Mono-took-At
	colHeads          // format, and what is between the times and the message
	colLengths        // of the message and 0; or 1 and which body it is
	colTails          // what is between the message and the digest
	colRests
	colRaws
	numColumns
)

// entryParts is an entry's data, taken apart.
type entryParts struct {
	format                        byte
	at, mono, took                int64
	head, raw, tail, digest, rest []byte
}

// split takes data apart. What it returns stands in data.
func split(data []byte) (p entryParts, ok bool) {
	d := decoder{b: data}
	p.format = d.byte()
	if p.format < 1 || p.format > entryFormat {
		return p, false
	}
	p.at = d.int()
	if p.format >= 2 {
		p.mono, p.took = d.int(), d.int()
	}
	p.head = d.head()
	p.raw = d.bytes()
	p.tail = d.tail()
	if len(d.b) < sha256.Size {
		return p, false
	}
	p.digest, d.b = d.b[:sha256.Size], d.b[sha256.Size:]
	p.rest = d.bytes()
	return p, !d.bad && len(d.b) == 0
}

// head passes what is between the times and the message: dir, kind, size, fidelity.
func (d *decoder) head() []byte {
	before := d.b
	d.byte()
	d.byte()
	d.int()
	d.byte()
	return before[:len(before)-len(d.b)]
}

// tail passes what is between the message and the digest: subject and verdict.
func (d *decoder) tail() []byte {
	before := d.b
	d.bytes()
	d.byte()
	for range 5 {
		d.bytes()
	}
	d.int()
	d.bytes()
	d.bytes()
	d.byte()
	for range 5 {
		d.bytes()
	}
	return before[:len(before)-len(d.b)]
}

// join is the inverse of split.
func (p *entryParts) join(b []byte) []byte {
	b = append(b, p.format)
	b = appendInt(b, p.at)
	if p.format >= 2 {
		b = appendInt(appendInt(b, p.mono), p.took)
	}
	b = append(b, p.head...)
	b = append(binary.AppendUvarint(b, uint64(len(p.raw))), p.raw...)
	b = append(b, p.tail...)
	b = append(b, p.digest...)
	return append(binary.AppendUvarint(b, uint64(len(p.rest))), p.rest...)
}

// A body is a message that is stored beside the blocks.
type body struct {
	hash [sha256.Size]byte
	raw  []byte
}

// packBlock packs the data of entries. The bodies are those that it refers to.
func packBlock(z *packer, rows []leafRow) (data []byte, bodies []body) {
	var cols [numColumns][]byte
	data = []byte{blockColumns}
	at, drift := int64(0), int64(0)
	for _, r := range rows {
		p, ok := split(r.data)
		if !ok || !bytes.Equal(p.join(nil), r.data) {
			return packVerbatim(z, rows), nil // as no version of ours writes it
		}
		cols[colTimes] = appendInt(cols[colTimes], p.at-at)
		if p.format >= 2 {
			cols[colTimes] = appendInt(appendInt(cols[colTimes], p.took), p.mono-p.took-p.at-drift)
			drift = p.mono - p.took - p.at
		}
		at = p.at
		cols[colHeads] = append(append(cols[colHeads], p.format), p.head...)
		if len(p.raw) >= minBody {
			cols[colLengths] = binary.AppendUvarint(cols[colLengths], uint64(len(bodies))<<1|1)
			bodies = append(bodies, body{sha256.Sum256(p.raw), p.raw})
		} else {
			cols[colLengths] = binary.AppendUvarint(cols[colLengths], uint64(len(p.raw))<<1)
			cols[colRaws] = append(cols[colRaws], p.raw...)
		}
		cols[colTails] = append(cols[colTails], p.tail...)
		cols[colRests] = append(binary.AppendUvarint(cols[colRests], uint64(len(p.rest))), p.rest...)
		data = append(data, p.digest...)
	}
	var plain []byte
	for _, c := range cols {
		plain = append(binary.AppendUvarint(plain, uint64(len(c))), c...)
	}
	return z.pack(data, plain), bodies
}

func packVerbatim(z *packer, rows []leafRow) []byte {
	var plain []byte
	for _, r := range rows {
		plain = append(binary.AppendUvarint(plain, uint64(len(r.data))), r.data...)
	}
	return z.pack([]byte{blockVerbatim}, plain)
}

var errBlock = errors.New("can't be read: they were changed")

// unpackBlock returns the data of the entries of a block. load returns its body i.
func unpackBlock(z *unpacker, count int, data []byte, load func(i int) ([]byte, error)) (out [][]byte, err error) {
	if len(data) == 0 {
		return nil, errBlock
	}
	format, digests, data := data[0], []byte(nil), data[1:]
	if format == blockColumns {
		if len(data) < count*sha256.Size {
			return nil, errBlock
		}
		digests, data = data[:count*sha256.Size], data[count*sha256.Size:]
	}
	plain, err := z.unpack(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	switch format {
	case blockVerbatim:
		return unpackVerbatim(count, plain)
	case blockColumns:
		return unpackColumns(count, plain, digests, load)
	}
	return nil, fmt.Errorf("%w (format %d)", errBlock, format)
}

func unpackVerbatim(count int, plain []byte) ([][]byte, error) {
	d := decoder{b: plain}
	out := make([][]byte, 0, count)
	for range count {
		out = append(out, d.bytes())
	}
	if d.bad || len(d.b) > 0 {
		return nil, errBlock
	}
	return out, nil
}

func unpackColumns(count int, plain, digests []byte, load func(i int) ([]byte, error)) ([][]byte, error) {
	d := decoder{b: plain}
	var cols [numColumns]decoder
	for i := range cols {
		cols[i].b = d.bytes()
	}
	if d.bad || len(d.b) > 0 {
		return nil, errBlock
	}
	out := make([][]byte, 0, count)
	buf := make([]byte, 0, len(plain)+len(digests)+20*count) // times are longer than their differences
	at, drift := int64(0), int64(0)
	for i := range count {
		var p entryParts
		heads, tails := &cols[colHeads], &cols[colTails]
		p.format = heads.byte()
		at += cols[colTimes].int()
		p.at = at
		if p.format >= 2 {
			p.took = cols[colTimes].int()
			drift += cols[colTimes].int()
			p.mono = drift + p.took + p.at
		}
		p.head = heads.head()
		var err error
		if p.raw, err = rawOf(cols[colLengths].uint(), &cols[colRaws], load); err != nil {
			return nil, err
		}
		p.tail, p.rest, p.digest = tails.tail(), cols[colRests].bytes(), digests[i*sha256.Size:(i+1)*sha256.Size]
		start := len(buf)
		buf = p.join(buf)
		out = append(out, buf[start:len(buf):len(buf)])
	}
	for i := range cols {
		if cols[i].bad || len(cols[i].b) > 0 {
			return nil, errBlock
		}
	}
	return out, nil
}

// rawOf returns the message that a number in the column of lengths stands for.
func rawOf(length uint64, raws *decoder, load func(i int) ([]byte, error)) ([]byte, error) {
	if length&1 == 1 {
		return load(int(length >> 1))
	}
	return raws.take(length >> 1), nil
}
