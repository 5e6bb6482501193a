package detect

import "strings"

// loginListParser finds the loot of a broken site: addresses with the password behind
// each, line by line.
var loginListParser = Parser{
	Name: "login-list", Family: Secrets,
	Doc:   "Passwords of three or more people, each after an e-mail address or a user's name and a colon, semicolon or bar, a line each.",
	Kinds: []string{loginList},
	Maybe: func(v *View) bool { return strings.Count(v.Text[:min(len(v.Text), 4<<10)], "@") >= manyRecords },
	Find:  findLoginList,
	Match: map[string]string{
		"anna@firma.test:Qw7!kd92\nluis@firma.test:tR44#pol\nmei@firma.test:9kk!Lw21\n":      loginList,
		"anna@firma.test;Sommer2019x\nluis@firma.test;Winter2020y\nmei@firma.test;Herbst77z": loginList,
	},
	NoMatch: []string{
		"anna@firma.test: on leave\nluis@firma.test: back on 12\nmei@firma.test: ill",
		"anna@firma.test;Anna;Berlin\nluis@firma.test;Luis;Madrid\nmei@firma.test;Mei;Ulm",
		"anna@firma.test:changeme1\nluis@firma.test:********\nmei@firma.test:xxxxxxx1",
		"git@host.test:team/app1.git\ngit@host.test:team/app2.git\ngit@host.test:team/app3.git",
	},
}

const loginList = "login-list"

// findLoginList reports each password of a list.
func findLoginList(v *View, report func(kind string, start, end int, score Score)) {
	var spots [][2]int
	text := v.Text
	for at := 0; at < len(text); {
		end := len(text)
		if nl := strings.IndexByte(text[at:], '\n'); nl >= 0 {
			end = at + nl
		}
		if start, stop, ok := loginOf(text[at:end]); ok {
			spots = append(spots, [2]int{at + start, at + stop})
		}
		at = end + 1
	}
	if len(spots) < manyRecords {
		return
	}
	for _, s := range spots {
		report(loginList, s[0], s[1], High)
	}
}

// loginOf returns where a password stands in a line that is an address and a password.
func loginOf(line string) (start, end int, ok bool) {
	at := strings.IndexByte(line, '@')
	if at < 1 || at > 64 || strings.HasPrefix(strings.TrimSpace(line), "git@") {
		return 0, 0, false
	}
	sep := strings.IndexAny(line[at:], ":;|\t")
	if sep < 4 || strings.IndexByte(line[at:at+sep], '.') < 0 || strings.ContainsAny(line[at:at+sep], " /(<") {
		return 0, 0, false
	}
	start, end = at+sep+1, len(strings.TrimRight(line, " \r,"))
	if start >= end || !passwordLike(line[start:end]) {
		return 0, 0, false
	}
	return start, end, true
}

// passwordLike reports whether a word is made as people and machines make passwords.
func passwordLike(s string) bool {
	if len(s) < 6 || len(s) > 64 || strings.ContainsAny(s, " \t;,/<>") || placeholder(s) {
		return false
	}
	lowers, uppers, digits, others := classes(s)
	return digits+others > 0 && lowers+uppers > 0 && distinctBytes(s) >= 5
}

func distinctBytes(s string) int {
	var seen byteSet
	n := 0
	for i := range len(s) {
		if !seen.has(s[i]) {
			seen.add(s[i], s[i])
			n++
		}
	}
	return n
}
