package policy

// Fidelity says how a stored frame stands for the one that was judged.
// The zero value is Lossy: nothing is claimed.
type Fidelity uint8

// The fidelities, worst first.
const (
	// Lossy: the stored bytes don't give the recorded verdict, nor are findings kept.
	Lossy Fidelity = iota
	// Pinned: the recorded findings are kept and stand in for detection.
	Pinned
	// Escrow: the original is kept, encrypted to a recipient.
	Escrow
	// Exact: the stored bytes give the recorded verdict.
	Exact
)

// String returns "lossy", "pinned", "escrow" or "exact".
func (f Fidelity) String() string {
	switch f {
	case Pinned:
		return "pinned"
	case Escrow:
		return "escrow"
	case Exact:
		return "exact"
	}
	return "lossy"
}
