package recorder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// An Escrow encrypts what stand-ins take the place of to recipients (age-encryption.org,
// version 1), so that who has an identity of one can have the originals judged again.
// Nobody who records needs one. It is safe for concurrent use.
type Escrow struct{ to []age.Recipient }

// NewEscrow reads recipients as age writes them ("age1...").
func NewEscrow(recipients ...string) (*Escrow, error) {
	e := &Escrow{}
	for _, text := range recipients {
		to, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil { // not quoted: it may be an identity, given by mistake
			return nil, errors.New("one is no recipient of age, such as age1...; `age-keygen -y identity.txt` prints one")
		}
		e.to = append(e.to, to...)
	}
	if len(e.to) == 0 {
		return nil, errors.New("there is no recipient; `age-keygen -y identity.txt` prints one")
	}
	return e, nil
}

func (e *Escrow) seal(original []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, e.to...)
	if err == nil {
		_, err = w.Write(original)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypting an original: %w", err)
	}
	return out.Bytes(), nil
}

// Identities open what an Escrow has encrypted.
type Identities struct{ list []age.Identity }

// ReadIdentities reads a file of identities, as age-keygen writes it. No error quotes
// what it holds.
func ReadIdentities(r io.Reader) (*Identities, error) {
	list, err := age.ParseIdentities(r)
	if err != nil {
		return nil, errors.New("reading identities: a line is neither an identity of age nor a comment; give the file that age-keygen wrote")
	}
	return &Identities{list}, nil
}

// Open returns the original bytes of an entry: Entry.Escrow, decrypted.
func (i *Identities) Open(escrow []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(escrow), i.list...)
	if err != nil {
		return nil, fmt.Errorf("opening an original: %w; give the identity that belongs to the recipient of --escrow", err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("opening an original: %w", err)
	}
	return b, nil
}
