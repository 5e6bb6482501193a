package mcp

import (
	"maps"
	"slices"
)

// MethodNames lists the methods of the protocol, requests and notifications of all
// its versions, sorted.
func MethodNames() []string { return slices.Sorted(maps.Keys(methods)) }
