package detect

// How common pairs of bytes are in English prose, source code and markup, as
// minus the binary logarithm of their share, 'A' being 0. Rows are the first byte,
// columns the second, both as symbol gives them. Measured over the Go
// distribution's sources and documents; only the order of magnitude matters.
const pairCost = "" +
	"MLJIMLKPKPLIJIQKOIJILMMMLOKJONMNOONKT" +
	"KNMNKOOQKNPKPPKPPNMOKQQOJQKLQQMOPQOKS" +
	"INLLJNNJLQJKLOIMOKLJLPPONQKJPMKOOQNKV" +
	"KMMJIMOMJQOLNMKMOKKMKOONMQKIMOKNMOMJT" +
	"JMIIKKLNMOMJJHMKKGHINLKJKPKGNNJMLNLIS" +
	"JNMMLJPQJQRLMOJOQLMMJQQRNQKIOPNPOQOJS" +
	"MPMPJOOLLRQNNLIOQLLMNPPQPPNJPPKMOPMKU" +
	"IOOOIPOQKROOMPKNQNMKNQQQOQNKQNMONPNLV" +
	"LMJKKIKQOPOIJHJJPKIIQLQLQLOLPQOPPRPLW" +
	"OQQQMQRQQRPRQRNQRRLROQRQRROPUXSRUUROU" +
	"LQONJPMQLQQOPNOPQOMPNPPQQROKQPNOPROLW" +
	"JNMKIMNOIPOJONJNPOKLKNOQKQMJPPLNNQNJU" +
	"JLOMIPQPLQOMLPJJQOMMLPPPOQNKQOMLPSNLV" +
	"JOIIILIOJQLLMLJMPOJHLKOQMPMINPLNMOMJS" +
	"MLKIMKMPLPKKJHJKRHJJJLLNQQMIONKLMPNLU" +
	"JONNJOOLMQMJPOJLPJLKLMOPMQKKPOLNMRNKV" +
	"QQQPQRQQPRQQQRRRQPQQKRQRQRONTSNRPQNLV" +
	"JNKLHKLOIQLLLJINOIJJKKNPKQMHONLNLQMIS" +
	"KOKMHNNJJQMLNMJKOMKHKOMQKPLHNMJNLOLJS" +
	"JMKKHLNHIQOLMNJKPIJJJOMMKPJHNNJMLOLIS" +
	"MLLMJLMQJRQJLIMLQIJJQQQOQPMOSSOSUSRNW" +
	"JPNPJPQQMRQPPPNOOQPQQNQQQPKLRTMOQTMLW" +
	"KQNNLPOLKQQOPMLOQLMOPPNQQQNMRRMQQSQLX" +
	"KMMMLLPPMQQPNPNLPQPKPQQONQILPPMNPRNLS" +
	"OONOOPPPNQQNNNOKQMLJOQPRPPMJPPMOOPNKS" +
	"OQQQLRQRORRQQQORQQQRQQQQPONOUTPQSTONV" +
	"KKKLKKOOOOONNONNOONNNOOIOOGILMJMLPKHP" +
	"HIIJHIIJHLLJIIIIMHHHJJJKMMHEJLLIJJIGO" +
	"NNNNNNOPOPQNNOONRNMNOOPPUQLKJVTTZRQOT" +
	"NPNONOOQOSPPOOQNTNNMQNNRRUMNVRVWZXRMZ" +
	"LLKLKKLMLOOMKKLLPLKKMNLOPPJITQMMTZNMR" +
	"MMMNNMMNMPRONNOMNNMMONONPPMITROIUTNMT" +
	"QOQQQPQQQUSPSPSPSSQQSTQSSTLIUURMNJMMW" +
	"PQQQRQPRSUWRQROQWQRQRQSSSTNHQWQRVLNMZ" +
	"MMLNMMMMMPPNNNNNQMMLMNONQQLJORNMLRLIQ" +
	"LJKKKLLMKMNMLKLKMKJJLKMJONJFMOKLLJJGP" +
	"RQSTTTUVUVWRVVUUWTSUUVWVUWQOTVSTTZQOL"

const symbols = 37

// symbol folds a byte to what pairCost tells apart: letters without case, any
// digit, white space, seven marks, other ASCII, the rest.
func symbol(b byte) int {
	switch {
	case 'a' <= b && b <= 'z':
		return int(b - 'a')
	case 'A' <= b && b <= 'Z':
		return int(b - 'A')
	case '0' <= b && b <= '9':
		return 26
	case b == ' ' || b == '\t' || b == '\n' || b == '\r':
		return 27
	case b >= 0x80:
		return 36
	}
	for i, mark := range []byte("-_./:=\"") {
		if b == mark {
			return 28 + i
		}
	}
	return 35
}

// rarity estimates minus the binary logarithm of how often s stands at a place of
// ordinary text: a chain of pairs, each given its first byte.
func rarity(s string) float32 {
	if len(s) < 2 {
		if s == "@" || s == "~" || s == "|" || s == "$" {
			return 9
		}
		return symbolCost[symbol(s[0])]
	}
	var bits float32
	for i := 0; i+1 < len(s); i++ {
		a, b := symbol(s[i]), symbol(s[i+1])
		bits += float32(pairCost[a*symbols+b] - 'A')
		if i > 0 {
			bits -= symbolCost[a]
		}
		if b == 26 {
			bits += 3.3
		}
	}
	return bits
}

// symbolCost is minus the binary logarithm of each symbol's share.
var symbolCost = [symbols]float32{
	4.8, 6.4, 5.2, 5.4, 3.6, 5.6, 6.1, 6.1, 4.7, 9.5, 7.3, 5.3, 6.0,
	4.5, 4.5, 5.8, 8.8, 4.4, 4.5, 4.1, 5.5, 7.0, 7.3, 6.6, 6.9, 9.4,
	4.6, 2.4, 7.5, 8.7, 5.7, 6.4, 7.0, 6.8, 6.3, 3.7, 10.5,
}
