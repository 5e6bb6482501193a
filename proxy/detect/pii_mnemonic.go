package detect

import "strings"

var phraseNames = []string{"mnemonic", "seed phrase", "seed_phrase", "seedphrase", "seed words", "recovery phrase", "recovery_phrase", "recovery words", "backup phrase", "wallet phrase", "secret phrase", "bip39", "bip-39"}

var mnemonicParser = Parser{
	Name: "mnemonic", Family: Secrets,
	Doc: "A wallet's recovery phrase: 12, 15, 18, 21 or 24 words of three to eight letters (the form of BIP-39; the words " +
		"themselves aren't looked up) after a name such as seed phrase.",
	Kinds: []string{"mnemonic"},
	Any:   phraseNames,
	Find:  findMnemonics,
	Match: map[string]string{
		"seed phrase: " + strings.Repeat("lamp river ", 6):            "mnemonic",
		"MNEMONIC=\"" + strings.Repeat("cargo sunny note ", 8) + "\"": "mnemonic",
	},
	NoMatch: []string{
		"Keep your seed phrase in a safe place and never type it into a website that you do not know.",
		"mnemonic: a memory aid",
		"The recovery phrase has twelve words.",
	},
}

// findMnemonics looks behind each name for a recovery phrase.
func findMnemonics(v *View, report func(kind string, start, end int, score Score)) {
	low := lower(v.Text)
	for _, name := range phraseNames {
		for i := 0; ; {
			at := strings.Index(low[i:], name)
			if at < 0 {
				break
			}
			i += at + len(name)
			if start, end, ok := phraseAfter(low, i); ok {
				report("mnemonic", start, end, High)
				i = end
			}
		}
	}
}

// phraseAfter looks for the words of a phrase at most 24 bytes after from, behind a
// colon, an equals sign or a quotation mark, with nothing but words up to its end.
func phraseAfter(text string, from int) (start, end int, ok bool) {
	sep := strings.IndexAny(text[from:min(len(text), from+24)], ":=\"'`\n")
	if sep < 0 {
		return 0, 0, false
	}
	i := from + sep
	for i < len(text) && strings.IndexByte(" \t:=\"'`\n>*", text[i]) >= 0 {
		i++
	}
	start, n := i, 0
	for n <= 24 {
		j := i
		for j < len(text) && j-i <= 8 && 'a' <= text[j] && text[j] <= 'z' {
			j++
		}
		if j-i < 3 || j-i > 8 {
			break
		}
		n++
		end, i = j, j
		for i < len(text) && i-j < 3 && (text[i] == ' ' || text[i] == ',' || text[i] == '\n') {
			i++
		}
		if i == j {
			break
		}
	}
	if n > 24 || n < 12 || n%3 != 0 || end < len(text) && (text[end] == '.' || isLetter(text[end])) {
		return 0, 0, false
	}
	return start, end, !containsAny(" "+text[start:end]+" ", commonWords)
}

// commonWords hold a sentence together; none is in BIP-39's list.
var commonWords = []string{" the ", " and ", " for ", " you ", " your ", " are ", " not ", " that ", " this ", " with ", " from ", " has ", " was ", " must "}
