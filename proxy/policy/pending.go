package policy

import (
	"slices"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// Pending returns the ids of the requests sent in the direction that still await
// an answer, in the order in which they came.
func (s *Session) Pending(dir mcp.Dir) []mcp.ID {
	var keys []pendingKey
	for k := range s.pending {
		if k.dir == dir {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b pendingKey) int { return s.pending[a].seq - s.pending[b].seq })
	ids := make([]mcp.ID, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	return ids
}
