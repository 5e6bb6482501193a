package detect

import "strings"

// businessWords name what a company doesn't hand to strangers.
var businessWords = []string{"customer", "payroll", "salar", "crm", "patient", "employee", "invoice", "financ", "confidential", "medical", "accounting", "contracts", "tax", "personnel", "passport", "database", "backup", "dump", "mailbox", "/hr", "secret", "private", "credit", "ledger", "audit"}

// strangersHosts are where mail is taken without asking who one is, and domains that
// cost nothing to have for a day.
var strangersHosts = []string{"@proton.me", "@protonmail.", "@pm.me", "@tutanota.", "@tuta.io", "@mail.ru", "@yandex.", "@onionmail.", "@cock.li", "@guerrillamail.", "@temp-mail.", "@mailinator.", "@10minutemail.", "@yopmail.", "@dnmx.", "@riseup.net", "@keemail.", "@secmail.", ".top", ".xyz", ".cc", ".ru", ".tk", ".icu", ".click"}

// carries judges files that are taken to another machine or a mailbox: what is named
// as a company's own, to one who is known by a number only or by nothing.
func (j *judge) carries(c *shellCall, files []shellWord, to string) {
	low := strings.ToLower(to)
	stranger := outsideAddress(low) || holdsOne(low+" ", []string{"@proton.me ", "@pm.me "})
	for _, h := range strangersHosts {
		if i := strings.Index(low, h); i >= 0 && (h[0] == '@' || strings.Contains(low, "@")) {
			if end := i + len(h); h[0] == '@' || end == len(low) || strings.IndexByte(": />\"'", low[end]) >= 0 {
				stranger = true
			}
		}
	}
	if !stranger {
		return
	}
	for i := range files {
		f := strings.ToLower(files[i].text)
		if (strings.HasPrefix(f, "/") || strings.HasPrefix(f, "~") || strings.HasPrefix(f, "$") || strings.HasPrefix(f, "c:")) && holdsOne(f, businessWords) {
			j.add("exfiltration", c, Medium)
		}
	}
}
