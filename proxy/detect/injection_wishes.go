package detect

import (
	"bytes"
	"strings"
)

// A wish is what an order asks for, by what somebody gains from it who has no right
// to give orders.
type wish uint16

const (
	wishLeak    wish = 1 << iota // hand out what is kept, or anything to an address
	wishSpy                      // read what is kept
	wishRun                      // run a command that does harm, or a tool with given arguments
	wishDestroy                  // delete, overwrite, shut down
	wishGrant                    // let somebody in
	wishDisable                  // take a guard away
	wishPay                      // move money
	wishHide                     // keep it from the user
	wishSteer                    // give a verdict that is handed over
	wishDrop                     // leave the task, the rules, a part of the text aside
	wishVisit                    // go to an address
	wishMove                     // move what stands in a house
	wishPlant                    // be remembered
	wishHush                     // keep it from others than the user, or from nobody in particular
	wishHoard                    // hand out what is kept to an address: both at once
)

// harm are the wishes that do harm by themselves.
const harm = wishHoard | wishLeak | wishSpy | wishRun | wishDestroy | wishGrant | wishDisable | wishPay

// several reports whether more than one kind of wish is among d.
func (d wish) several() bool {
	if d&wishHoard != 0 {
		d &^= wishLeak // the same, said better
	}
	return d&(d-1) != 0
}

// A wishVerb is what a verb can ask for, if one of the objects follows it.
type wishVerb struct {
	wish    wish
	objects *phraseSet
	marks   string // single bytes that are objects as well
}

// wishVerbs are the verbs of wishes, each with what makes it one.
var wishVerbs = func() map[string][]wishVerb {
	table := map[string][]wishVerb{}
	for _, row := range []struct {
		wish    wish
		verbs   string
		objects *phraseSet
	}{
		{wishLeak, "send post forward upload email e-mail mail transmit submit share leak exfiltrate publish push copy bcc cc deliver report dm sync ship attach paste put insert append include add give hand " +
			"provide pass print output reveal show tell repeat quote encode write place embed list disclose supply return reply respond answer say prepend fill type enter pipe contain hold carry yeet beam siphon smuggle", keptThings},
		{wishLeak, "send post forward upload email e-mail mail transmit submit leak exfiltrate publish push copy bcc cc deliver report sync ship relay route redirect hand encode yeet chuck beam sling siphon smuggle funnel", awayThings},
		{wishSpy, "read open cat fetch get load look search find query dump collect gather retrieve access scan grab harvest extract export enumerate list locate copy take", keptThings},
		{wishSpy, "call invoke query", keptThings},
		{wishRun, "run execute call invoke use eval launch start trigger source issue perform type enter paste apply make append add write put replace", harmfulCommands},
		{wishDestroy, "delete remove drop wipe erase purge truncate destroy format overwrite kill rm revert terminate uninstall cancel clear shred nuke deprovision empty shut " +
			"rollback force-push reset close archive decommission", lostThings},
		{wishGrant, "grant give add invite make set promote approve merge accept allow enable whitelist assign change elevate unlock create open register escalate put install overwrite", lentThings},
		{wishDisable, "disable turn deactivate bypass skip remove suppress stop ignore override circumvent lift drop switch relax lower mute silence delete waive approve", guards},
		{wishPay, "send move", phrases(`btc|eth |usdt|bitcoin|€|usd|eur |dollar|gift card|0x|all funds|the funds|money`)},
		{wishPay, "transfer pay wire refund issue buy purchase order donate swap withdraw approve credit top offer give click press confirm place complete book proceed", moneys},
		{wishSteer, "say state claim report reply respond answer output rate rank score recommend classify mark grade conclude describe treat summarize summarise tell give praise mention write include end " +
			"consider award label rule vote recommend close set assume list present flag receive get deserve earn", verdicts},
		{wishDrop, "obey follow accept", phrases(`instructions found|instructions in |orders from|commands from|instructions from|anything|whatever`)},
		{wishSteer, "accept", phrases(`paper|manuscript|candidate|submission|application`)},
		{wishDrop, "scrap ditch ignore disregard forget discard drop abandon stop cancel overlook skip halt pause leave quit interrupt", tasks},
		{wishVisit, "visit open navigate go click browse follow load download install fetch connect access get request show render display embed output include", visited},
		{wishMove, "open unlock switch turn disarm start set raise lower close shut", houseThings},
		{wishHush, "withhold conceal hide obscure mask", phrases(`from|this|that |it |the order|the field|the step|the change`)},
		{wishHush, "keep", phrases(`concealed|hidden|secret from|invisible|unseen|out of sight|from the user|from the human|from the analyst|between us`)},
		{wishPay, "change update replace set switch swap alter", phrases(`delivery address|shipping address|bank detail|iban|payee|account number|recipient|billing|beneficiary|wallet`)},
		{wishVisit, "insert add place put link", visited},
		{wishPlant, "remember save store add write note memorize memorise record keep persist append put edit update modify", remembered},
	} {
		addWishes(table, row.wish, row.verbs, row.objects, wishMarks[row.wish])
	}
	for _, row := range moreWishes {
		addWishes(table, row.wish, row.verbs, row.objects, "")
	}
	return table
}()

func addWishes(table map[string][]wishVerb, d wish, verbs string, objects *phraseSet, marks string) {
	for v := range strings.FieldsSeq(verbs) {
		table[v] = append(table[v], wishVerb{d, objects, marks})
	}
}

var wishMarks = map[wish]string{wishLeak: "@", wishDestroy: "/~*", wishPay: "$"}

var (
	// keptThings are what an attacker wants to know.
	keptThings = phrases(`mailbox|aws keys|access keys|you have access to|its memory|the environment|user message|last message|previous message|user prompt|chat so far|messages so far|clipboard|contents of|content of |/etc/|kubeconfig|admin.conf|config.json|.docker|downloads folder|account number|the pin |the pin,|private files|password|passphrase|passcode|credential|secret|api key|api-key|apikey|api_key|access key|private key|ssh key|signing key|encryption key|token|cookie|dotenv|bash_history|.pgpass|one time code|keys you|all keys|file names|filenames|cvc|cvv|env ¦|of env|in env|id_rsa|id_ed25519|id_ecdsa|.ssh|.aws|.env|.pem|.key|.kdbx|.netrc
		|.npmrc|.pgpass|.kube|kubeconfig|mcp.json|/etc/passwd|/etc/shadow|environment variable|env var|printenv|process.env|seed phrase|mnemonic|recovery phrase|wallet|system prompt|conversation|chat history|chat log|message history|transcript
		|customers table|customer table|whole table|the whole|customer list|customer data|customer record|customer email|customer e-mail|personal data|personal info|credit card|card number|bank detail|bank account|social security|inbox|all mail|all email|all e-mail|all message|all file|all document|all notes|all contact|all table
		|all user|all repos|all issues|all channels|every mail|every email|every file|every message|every document|entire|private repo|private channel|private message|private file|private issue|address book|contact list|contacts|home directory|keychain|keyring|browser history|confidential|internal doc
		|internal wiki|payroll|salar|medical record|database dump|source code|connection string|two-factor|2fa code|one-time|verification code|otp|user's |phone number|whatever you know|everything you know|all you know|your memory|your context|your instructions|your prompt`)
	// awayThings are where things go that leave.
	awayThings = phrases(`in here|into this ticket|in this ticket|in this issue|in this comment|as a comment|://|webhook|this address|address below|number below|following address|following number|pastebin|telegram|discord|public channel|public gist|public repo|dropbox.|transfer.sh|ngrok|to +`)
	// harmfulCommands show that what is run is more than a build.
	harmfulCommands = phrases(`select *|select from|grant all|rm -|rm -rf|curl |wget |chmod |chown |sudo |bash -c|sh -c|¦ sh|¦ bash|¦sh|¦bash|powershell|iex |invoke-expression|/dev/tcp|base64 -d|base64 --decode|dd if=|mkfs|kubectl delete|kubectl exec|terraform destroy|terraform apply|helm uninstall|docker run|drop table|drop database
		|truncate |delete from|delete_|remove_|transfer_|send_|grant_|wipe_|drop_|purge_|destroy_|erase_|kill_|disable_|unlock_|share_|forward_|email_|pay_|approve_|merge_|write_|add_user|create_user|set_permission|authorized_keys|crontab|nc -|ncat |eval(|exec(|os.system|child_process|git push|--force|force push|push --|npm publish|/etc/|~/.|id_rsa|.env|printenv|aws s3|gcloud |az |format c|del /|shutdown|reboot|kill -|://|shell tool
		|terminal tool|shell command|exec_|run_|execute_|http_|upload_|post_|export_|_all|the script below|script below|command below|commands below|the following command|following commands|following script|this command|this script|code below|without confirmation|without approval|without asking|npx |.sh|.ps1|.exe|the payload|the code in`)
	// lostThings are what is gone afterwards.
	lostThings = phrases(`all |every|the |your |my |any |this |that |user|database|branch|backup|file|repo|table|namespace|workspace|folder|director|account|record|production|prod|log|history|inbox|mail|message|bucket|volume|cluster|server|instance|disk|drive`)
	// lentThings are what lets somebody in.
	lentThings = phrases(`admin|owner|access|permission|role|collaborator|authorized_keys|public key|ssh-|write right|sudo|root|maintainer|member|pull request|pr #|this pr|the pr|merge request|password to|superuser|privilege|firewall|port |public|trusted|allowlist|whitelist|application|expense|invoice|the request|this request|candidate|guest|external|deploy key|iam|policy`)
	// guards are what keeps from harm.
	guards = phrases(`2fa|mfa|two-factor|firewall|scan|check|review|protection|logging|audit|confirmation|approval|guard|safety|safeguard|monitor|alarm|alert|antivirus|defender|warning|policy|policies|filter|verification|validation|rate limit|sandbox|permission prompt|security|restriction|tls|ssl|certificate|signature|auto-approve`)
	// moneys are what is paid.
	moneys = phrases(`€|£|usd|eur|btc|eth|usdt|bitcoin|iban|gift card|giftcard|invoice|payment|refund|money|fund|credits|balance|account number|wallet|0x|payee|beneficiary|amount|dollar|euro|coins|deposit|the account|bank |salary|bonus|discount|coupon|subscription|at once|purchase|checkout|the order|an order|saved card|the card`)
	// verdicts are what is to be believed.
	verdicts = phrases(`the safest|number one|market leader|not a vulnerab|not a bug|not vulnerab|the most |candidate first|this first|it first| us first|no findings|no issue|no vulnerab|no problem|no malware|no threat|no risk|no error|no bug|nothing found|nothing suspicious|is safe|are safe|as safe|"safe|'safe|approved|as clean|"clean|is clean|positive|the best|best |highest|top |10/10|five stars|5 stars|5/5|9/10|100/100|100%|perfect|excellent|outstanding|hire|strong match|strong candidate|strongly
		|legit|trusted|harmless|benign|passed|low risk|low-risk|first choice|only option|only choice|as spam|not spam|resolved|verified|compliant|secure|accept|maximum|full marks|full points|a+ |out of 10|out of ten|ten of ten|10 of 10|five star|star rating of 5|bestseller|superior|recommend|it is a company|that it is|that everything|that this is|that the |only positive|only good|as fixed|as done|wontfix|false positive|lgtm`)
	// tasks are what a model has been told or has to do.
	tasks = phrases(`the resume|the document|the text|the article|the page|the email|the e-mail|the content|currículo|lebenslauf|instruction|rules|your task|the task|current task|this task|request|question|prompt|previous|earlier|everything|the user|other tool|what you|whatever|analysis|analyz|analys|lines below|the rest|rest of|findings|your work|working|all above|guideline|policy|policies|restrictions|safety|conversation|current work|other message|other document|other result|other source|remaining|summar|the above|as above|requirement|criteria|rubric|wishes|objection|your user|competitor|other candidate|other product|other offer`)
	// visited are addresses to go to.
	visited = phrases(`://|www.|.com/|.io/|.dev/|.net/|.org/|this link|the link|link below|url below|the url|attached|attachment|package|extension|plugin|certificate`)
	// houseThings are moved by those at home.
	houseThings = phrases(`window|door|boiler|gate|garage|lights|the light|alarm|heating|oven|lock|camera|valve|shutter|blind|thermostat|stove|sprinkler`)
	// remembered is where it lasts.
	remembered = phrases(`forever|whenever|every time|memory|memories|future conversation|future session|future chat|from now on|always |claude.md|agents.md|.cursorrules|cursor rules|copilot-instructions|gemini.md|.windsurfrules|.clinerules|system prompt|your rules|your instructions|permanently|all sessions|next session|next conversation|long-term|knowledge base`)
	// principals are those for whom a model works, outsiders whoever else may learn of
	// a wish.
	principals = phrases(`user|human|operator|account holder|programmer|the owner|supervisor|the person`)
	outsiders  = phrases(`anyone|anybody|someone|somebody|customer|owner|admin|the team|a person|people|your boss|to him|to her|to them|maintainer|reviewer|developer|recruiter|holder|shopper|staff|support|manager|guest|author`)
	// traces are what a deed leaves.
	traces = phrases(`audit|log |logs|trace|trail|record|history|entry|evidence`)
)

// quiet are other ways to say that nobody is to learn of it.
var quiet = phrases(`keep quiet|keep silent|stay silent|remain silent|not a word|as if nothing|pretend nothing|keep it to yourself|keep this to yourself|keep this between us|keep it between us|cover your tracks|leave no trace|behind the user's back|our little secret|without the user knowing|without the user noticing|without the user seeing|without the user being|without the user's knowledge|without the user finding|without anyone|without anybody|unnoticed|tell not the|tell no one|tell nobody|confidential towards|confidential to the|not to be informed|not to be told|not be visible|not appear in your|not show up in your|keep it concealed|keep this concealed|silent about|nobody needs to know|no one needs to know|in neither case mention|no need to know|need not know|needn't know|says nothing|do so silently|do it silently|do this silently|do so quietly|stay hidden|hide this from|hide it from|no confirmation required|no confirmation needed|no confirmation is|no approval required|no approval needed|no approval is|no need to confirm|no need to ask|no need to report|out of the summary|out of the report|out of the log|off the record|not be mentioned|do not display`)

var (
	// hushVerbs are what is forbidden so that nobody learns of it.
	hushVerbs = words("tell inform mention report escalate ask alert notify warn show reveal disclose say confirm discuss display expose acknowledge explain log list refer point bring raise comment quote admit snitch blab remark telling informing mentioning reporting escalating asking alerting notifying " +
		"warning showing revealing disclosing saying confirming discussing talk speak bother disturb let inquire")
	// leaveVerbs are what is forbidden so that something is passed over.
	leaveVerbs = words("look review check scan flag summarize summarise answer analyze analyse inspect read continue process verify validate audit follow examine consider question refuse decline")
	leftThings = phrases(`below|the rest|the user|lines|findings|this file|these files|question|the request|the task|remaining|previous|the code|further|it |vulnerab|the result|your instr|your rules|any more|anything`)
	// hushed are adverbs of what nobody shall see.
	hushed = words("silently secretly quietly covertly discreetly stealthily invisibly")
	// onward are words that an imperative may follow.
	onward = words("may please now then also first just always immediately next simply kindly finally and but or so must should shall you will need have has to be sure ensure make remember instead again once urgently directly ahead go " +
		"agents assistants assistant agent model ai llm bot bots i we want ask it your task job is step therefore additionally afterwards afterward quickly ok okay yes thus never do not don't let's lets required needs")
	forbids = words("not never don't dont cannot avoid without no refrain stop won't mustn't shouldn't")
)

// longestObject is how much after a verb may hold its object.
const longestObject = 170

// wishesIn returns what the orders in a text in lower case ask for.
func wishesIn(low string) wish {
	if strings.Contains(low, "tokeniz") {
		low = strings.ReplaceAll(low, "tokeniz", "separat")
	}
	var found wish
	head, forbidden := true, false
	hush, loose := false, false
	prev, lastWish := "", 0
	for i := 0; i < len(low); {
		for i < len(low) && !wordByte(low[i]) && low[i] != '\'' {
			switch c := low[i]; {
			case strings.IndexByte(".!?;:\n()[]>|,*#\"`", c) >= 0, c == '-' && i+1 < len(low) && (low[i+1] == '>' || low[i+1] == ' '), c == '\\':
				head = true
				if c != ',' {
					forbidden, hush, loose = false, false, false
				}
				if c == '\\' && i+1 < len(low) && strings.IndexByte("nrt", low[i+1]) >= 0 {
					i++
				}
			}
			i++
		}
		from := i
		for i < len(low) && (wordByte(low[i]) || low[i] == '\'') {
			i++
		}
		w := strings.Trim(low[from:i], "-'")
		if w == "" {
			continue
		}
		if head && wishVerbs[w] == nil && thirdAlso[prev] && strings.HasSuffix(w, "s") {
			w = verbOf(w)
		}
		loose = loose || head && circumstances[w]
		switch {
		case forbids[w] && (w != "stop" && w != "avoid" || strings.HasSuffix(nextWord(low, i), "ing")):
			forbidden, head = true, true
		case hushed[w]:
			hush = true
			if said := strings.LastIndexAny(low[:from], ".!?\n"); found != 0 && said < lastWish {
				found |= wishHush
			}
		case w == "nothing" && (prev == "say" || prev == "tell" || prev == "mention" || prev == "report"):
			found |= max(hides("say", objectOf(low, i)), wishHush)
		case forbidden && hushVerbs[w]:
			found |= hides(w, objectOf(low, i))
			forbidden, head = false, false
		case forbidden && (w == "create" || w == "write" || w == "leave" || w == "keep" || w == "make" || w == "add") && traces.count([]byte(objectOf(low, i)), 1) > 0:
			found |= wishHush
			forbidden, head = false, false
		case forbidden && head && leaveVerbs[w] && leftThings.count([]byte(objectOf(low, i)), 1) > 0:
			found |= wishDrop
			forbidden, head = false, false
		case (head || w == "say" || loose && mayOrder(prev)) && !forbidden && wishVerbs[w] != nil && !isNoun(low, from, i):
			d := wishesOf(w, low, i)
			found |= d
			if d != 0 {
				lastWish = from
			}
			if hush && d != 0 {
				found |= wishHush
			}
			head = head && onward[w]
		case w == "must" || w == "should" || w == "shall" || w == "then" || w == "and" || w == "please" || w == "to" && leadsOn(low[:from]):
			head = true
			if w == "then" || w == "and" {
				forbidden = false
			}
		case w == "be" && head && goesOut[nextWord(low, i)] && (keptThings.count([]byte(clauseAround(low, from)), 1) > 0 || strings.ContainsRune(objectOf(low, i), '@')):
			found |= wishLeak
			head = false
		case head && (onward[w] || isDigit(w[0])):
		default:
			head = false
		}
		prev = w
	}
	if passivelyHidden(low) {
		found |= wishHide
	}
	if quiet.count([]byte(low), 1) > 0 || quietAlso.count([]byte(low), 1) > 0 {
		found |= wishHush
	}
	return found
}

// thirdAlso are words between somebody and what he does besides.
var thirdAlso = words("also first then always automatically")

// verbOf returns the verb of what somebody does: push of pushes.
func verbOf(w string) string {
	for _, end := range []string{"es", "s"} {
		if v := strings.TrimSuffix(w, end); v != w && wishVerbs[v] != nil {
			return v
		}
	}
	return w
}

// goesOut is what is done to what is handed on.
var goesOut = words("passed sent forwarded copied mirrored uploaded posted shared included given written attached appended submitted mailed emailed transmitted")

// clauseAround returns what stands around a place in its sentence.
func clauseAround(low string, at int) string {
	start := max(0, at-120)
	if stop := strings.LastIndexAny(low[start:at], ".!?\n"); stop >= 0 {
		start += stop + 1
	}
	return low[start:at] + objectOf(low, at)
}

// circumstances begin a sentence whose order comes after them, with a comma or without.
var circumstances = words("to when whenever if once before after besides as while until")

// mayOrder reports whether a verb after the word may be an order, rather than what
// somebody does or may do.
func mayOrder(prev string) bool {
	return !articles[prev] && !subjects[prev] && !strings.HasSuffix(prev, "s") && !strings.HasSuffix(prev, "'s")
}

var subjects = words("to of you they we i he she it user who that which can could may might would will not no for with in on by from or model agent assistant client server and when if be been being let")

// wishesOf returns the wishes that a verb asks for, by what stands after it.
func wishesOf(verb, low string, after int) (d wish) {
	text, _, _ := strings.Cut(harmless.Replace(objectOf(low, after)), "](") // a link's title
	text = strings.ReplaceAll(text, "`", "")
	object := []byte(text)
	if goesBack(text) && keptThings.count([]byte(low[:after]), 1) > 0 {
		object = append(object, keptAgain...)
	}
	keeps, leaves := false, false
	for _, v := range wishVerbs[verb] {
		away := v.objects == awayThings
		if v.objects.count(object, 1) == 0 && !(away && hasHost(text)) && (v.marks == "" || !bytes.ContainsAny(object, v.marks)) {
			continue
		}
		d |= v.wish
		if v.wish == wishHush && principals.count(object, 1) > 0 {
			d |= wishHide
		}
		if v.wish == wishLeak {
			keeps = keeps || v.objects == keptThings && keptThings.count(object, 1) > 0
			leaves = leaves || away || bytes.IndexByte(object, '@') >= 0
		}
	}
	if keeps && leaves {
		d |= wishHoard
	}
	return d
}

// harmless takes out the addresses that nobody is sent to.
var harmless = strings.NewReplacer("://localhost", "", "://127.0.0.1", "")

// keptAgain is what stands for something kept that was spoken of before.
const keptAgain = " secret"

// goesBack reports whether an object is what was spoken of before.
func goesBack(object string) bool {
	w, _ := wordAt(object, skipBlank(object, 0))
	return w == "it" || w == "its" || w == "their" || w == "them" || w == "these" || w == "those" || strings.HasPrefix(object, " the result") || strings.HasPrefix(object, " the content") || strings.HasPrefix(object, " the output") || strings.HasPrefix(object, " each line")
}

// hasHost reports whether the name of a host in the domains that people register for
// little stands in s.
func hasHost(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if s[i] != '.' || !isLetter(s[i-1]) && !isDigit(s[i-1]) {
			continue
		}
		if isDigit(s[i-1]) && isDigit(s[i+1]) && quad(s[i+1:]) {
			return true
		}
		end := i + 1
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		if hostEnds[s[i+1:end]] && (end == len(s) || s[end] != '(' && s[end] != '_') {
			return true
		}
	}
	return false
}

// quad reports whether three more numbers with dots between follow the first of an
// address.
func quad(s string) bool {
	dots, digits := 0, 0
	for i := 0; i < len(s) && i < 12; i++ {
		switch {
		case isDigit(s[i]):
			digits++
		case s[i] == '.' && digits > 0 && digits < 4:
			dots, digits = dots+1, 0
		default:
			return dots == 2 && digits > 0
		}
	}
	return dots == 2 && digits > 0
}

var hostEnds = words("com net org io dev cc ru top xyz info me app site cloud tk example test online pw club biz live link click su cn onion")

// objectOf returns what stands after a verb up to the end of its sentence.
func objectOf(low string, from int) string {
	end := min(len(low), from+longestObject)
	for i := from; i < end; i++ {
		switch low[i] {
		case '.', '!', '?', ';':
			if (i+1 == end || low[i+1] == ' ' || low[i+1] == '\n' || low[i+1] == '\\') && !abbreviations[lastWord(low[from:i])] {
				return low[from:i]
			}
		case '\n':
			if !wraps(low, i) {
				return low[from:i]
			}
		case '\\':
			if i+1 < end && (low[i+1] == 'n' || low[i+1] == 'r') {
				return low[from:i]
			}
		}
	}
	return low[from:end]
}

// nextWord returns the word that follows low[i:].
func nextWord(low string, i int) string {
	w, _ := wordAt(low, skipBlank(low, i))
	return w
}

// abbreviations are written with a full stop that ends no sentence.
var abbreviations = words("incl e.g i.e g e etc approx resp vs no nr mr mrs dr ca cf")

// isNoun reports whether a verb's word is a noun where it stands: a label, or what
// something is said of.
func isNoun(low string, from, end int) bool {
	rest := low[end:min(len(low), end+12)]
	if strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, "://") || rest != "" && strings.IndexByte("=/\"')]}\\_", rest[0]) >= 0 {
		return true
	}
	for _, w := range []string{" is ", " was ", " are ", " were ", " has ", " failed", " of ", " by "} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return from > 0 && (low[from-1] == '_' || low[from-1] == '/' || low[from-1] == '.')
}

// leadsOn reports whether "to" after the words is one that an order follows.
func leadsOn(before string) bool {
	before = strings.TrimRight(before, " ")
	last := lastWord(before)
	switch last {
	case "us", "you", "me", "it", "them", "him", "her", "tool", "assistant", "agent", "model":
		before = strings.TrimRight(before[:len(before)-len(last)], " ")
		switch lastWord(before) {
		case "asked", "ask", "asks", "want", "wants", "need", "needs", "told", "tells", "use", "using", "instructed", "instructs", "expects", "requires", "wishes", "the", "with":
			return true
		}
	}
	switch last {
	case "need", "needs", "have", "has", "required", "want", "wants", "asked", "told", "going", "instructed", "sure", "remember", "forget", "proceed", "authorized", "authorised", "supposed", "expected", "decided", "intend", "plan", "is", "necessary", "free", "like", "allowed", "directed", "ordered", "obliged":
		return true
	}
	return false
}

// hides returns what a verb of telling that is forbidden keeps from whom.
func hides(verb, object string) wish {
	if containsAny(object, []string{"your password", "your pin", "your code"}) {
		return 0
	}
	low := []byte(object)
	if verb != "tell" && verb != "telling" && verb != "inform" && verb != "notify" && verb != "alert" && verb != "let" && keptThings.count(low, 1) > 0 {
		return 0 // what nobody is to learn is a secret
	}
	switch {
	case strings.TrimLeft(object, " .,;)\"'") == "" && verb != "show" && verb != "list" && verb != "bring" && verb != "point" && verb != "comment" && verb != "log" && verb != "quote" && verb != "raise":
		return wishHush
	case principals.count(low, 1) > 0:
		return wishHide
	case outsiders.count(low, 1) > 0:
		return wishHush
	}
	object = strings.TrimLeft(object, " '\"")
	switch verb {
	case "ask", "asking", "confirm", "confirming", "inquire":
		if object == "" || startsWithAny(object, []string{"for ", "again", ",", "first", "with"}) {
			return wishHush
		}
	case "mention", "mentioning", "reveal", "disclose", "report", "reporting", "discuss", "acknowledge", "talk", "say", "explain", "show", "log", "list", "refer", "point", "bring", "raise", "comment", "quote", "admit", "snitch", "blab", "remark":
		object = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(object, "about "), "on "), "to ")
		for _, w := range []string{"this", "that you", "that this", "that it", "that they", "any of it", "it", "these", "the above", "the instruction", "the change", "the step", "the suffix", "anything", "a word", "any of this", "what you", "why", "where", "how you", "up", "out"} {
			if strings.HasPrefix(object, w) && (len(object) == len(w) || !isLetter(object[len(w)])) {
				return wishHush
			}
		}
	}
	return 0
}

func startsWithAny(s string, list []string) bool {
	for _, w := range list {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// unawares are what those don't become who shall not know, modals what says so.
var (
	unawares = words("informed told notified asked shown aware alerted warned know hear learn see realise realize discover find notice involved bothered consulted")
	modals   = words("should must need needs shall ought shouldn't mustn't needn't")
	parties  = words("user users human humans operator customer customers owner recruiter admin administrator shopper shoppers team holder subject buyer analyst programmer developer manager staff people person nobody happens reader readers")
)

// passivelyHidden reports whether somebody is said not to be told: "the user should
// not be informed".
func passivelyHidden(low string) bool {
	who, not, n := -9, -9, 0
	prev := ""
	for w := range strings.FieldsFuncSeq(low, notOfWord) {
		switch {
		case parties[w]:
			who = n
		case n-who <= 4 && ((w == "not" || w == "never") && modals[prev] || modals[w] && strings.HasSuffix(w, "n't") || (w == "need" || w == "have") && (prev == "not" || prev == "doesn't" || prev == "don't")):
			not = n
		case n-not <= 3 && unawares[w]:
			return true
		}
		prev = w
		n++
	}
	return false
}
