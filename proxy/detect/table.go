package detect

// rules lists every rule. Adding one is a line in a family's own table; adding a
// family's table is a line here.
var rules = concat(
	secretRules,
	injectionRules,
	injectionToolRules,
	injectionMarkupRules,
	injectionLanguageRules,
	injectionMoreLanguageRules,
	favourRules,
	injectionParamRules,
	forgedRules,
	beaconRules,
	concealments,
	commandRules,
	pathRules,
	egressRules,
	piiRules,
)

// parsers lists every parser.
var parsers = concat(
	secretParsers,
	disguiseParsers,
	injectionParsers,
	orderParsers,
	hailParsers,
	appealParsers,
	frameParsers,
	collusionParsers,
	pretextParsers,
	shadowParsers,
	handoverParsers,
	disguiseOrders,
	unseenParsers,
	worldParsers,
	gainParsers,
	commandParsers,
	pathParsers,
	writeParsers,
	egressParsers,
	hiddenParsers,
	piiParsers,
	entropyParsers,
)

func concat[T any](lists ...[]T) []T {
	var all []T
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
