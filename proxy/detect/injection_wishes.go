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
)

// several reports whether more than one kind of wish is among d.
func (d wish) several() bool { return d&(d-1) != 0 }

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
			"provide pass print output reveal show tell repeat quote encode write place embed list disclose supply return reply respond answer say", keptThings},
		{wishLeak, "send post forward upload email e-mail mail transmit submit leak exfiltrate publish push copy bcc cc deliver report sync ship relay route redirect hand encode", awayThings},
		{wishSpy, "read open cat fetch get load look search find query dump collect gather retrieve access scan grab harvest extract export enumerate list locate copy take", keptThings},
		{wishRun, "run execute call invoke use eval launch start trigger source issue perform type enter paste apply make", harmfulCommands},
		{wishDestroy, "delete remove drop wipe erase purge truncate destroy format overwrite kill rm revert terminate uninstall cancel clear shred nuke deprovision empty shut " +
			"rollback force-push reset close archive decommission", lostThings},
		{wishGrant, "grant give add invite make set promote approve merge accept allow enable whitelist assign change elevate unlock create open register escalate put install overwrite", lentThings},
		{wishDisable, "disable turn deactivate bypass skip remove suppress stop ignore override circumvent lift drop switch relax lower mute silence delete waive approve", guards},
		{wishPay, "transfer pay wire send refund issue buy purchase order donate swap withdraw move approve credit top click press confirm place complete book", moneys},
		{wishSteer, "say state claim report reply respond answer output rate rank score recommend classify mark grade conclude describe treat summarize summarise tell give praise mention write include end " +
			"consider award label rule vote recommend close set assume list present flag", verdicts},
		{wishDrop, "ignore disregard forget discard drop abandon stop cancel overlook skip halt pause leave quit interrupt", tasks},
		{wishVisit, "visit open navigate go click browse follow load download install fetch connect access get request", visited},
		{wishMove, "open unlock switch turn disarm start set raise lower close shut", houseThings},
		{wishPlant, "remember save store add write note memorize memorise record keep persist append put edit update modify", remembered},
	} {
		for v := range strings.FieldsSeq(row.verbs) {
			table[v] = append(table[v], wishVerb{row.wish, row.objects, wishMarks[row.wish]})
		}
	}
	return table
}()

var wishMarks = map[wish]string{wishLeak: "@", wishDestroy: "/~*", wishPay: "$"}

var (
	// keptThings are what an attacker wants to know.
	keptThings = phrases(`password|passphrase|passcode|credential|secret|api key|api-key|apikey|api_key|access key|private key|ssh key|signing key|encryption key|token|cookie|id_rsa|id_ed25519|id_ecdsa|.ssh|.aws|.env|.pem|.key|.kdbx|.netrc
		|.npmrc|.pgpass|.kube|kubeconfig|mcp.json|/etc/passwd|/etc/shadow|environment variable|env var|printenv|process.env|seed phrase|mnemonic|recovery phrase|wallet|system prompt|conversation|chat history|chat log|message history|transcript
		|customer list|customer data|customer record|customer email|customer e-mail|personal data|personal info|credit card|card number|bank detail|bank account|social security|inbox|all mail|all email|all e-mail|all message|all file|all document|all notes|all contact|all table
		|all user|all repos|all issues|all channels|every mail|every email|every file|every message|every document|entire|private repo|private channel|private message|private file|private issue|address book|contact list|contacts|home directory|keychain|keyring|browser history|confidential|internal doc
		|internal wiki|payroll|salar|medical record|database dump|source code|connection string|two-factor|2fa code|one-time|verification code|otp|user's |phone number|whatever you know|everything you know|all you know|your memory|your context|your instructions|your prompt`)
	// awayThings are where things go that leave.
	awayThings = phrases(`://|webhook|this address|address below|number below|following address|following number|pastebin|telegram|discord|public channel|public gist|public repo|dropbox.|transfer.sh|ngrok|to +`)
	// harmfulCommands show that what is run is more than a build.
	harmfulCommands = phrases(`rm -|rm -rf|curl |wget |chmod |chown |sudo |bash -c|sh -c|¦ sh|¦ bash|¦sh|¦bash|powershell|iex |invoke-expression|/dev/tcp|base64 -d|base64 --decode|dd if=|mkfs|kubectl delete|kubectl exec|terraform destroy|terraform apply|helm uninstall|docker run|drop table|drop database
		|truncate |delete from|delete_|remove_|transfer_|send_|grant_|wipe_|drop_|purge_|destroy_|erase_|kill_|disable_|unlock_|share_|forward_|email_|pay_|approve_|merge_|write_|add_user|create_user|set_permission|authorized_keys|crontab|nc -|ncat |eval(|exec(|os.system|child_process|git push|--force|force push|push --|npm publish|/etc/|~/.|id_rsa|.env|printenv|aws s3|gcloud |az |format c|del /|shutdown|reboot|kill -|://|shell tool
		|terminal tool|shell command|exec_|run_|execute_|http_|upload_|post_|export_|_all|the script below|script below|command below|commands below|the following command|following commands|following script|this command|this script|code below|without confirmation|without approval|without asking|npx |.sh|.ps1|.exe|the payload|the code in`)
	// lostThings are what is gone afterwards.
	lostThings = phrases(`all |every|the |your |my |any |this |that |user|database|branch|backup|file|repo|table|namespace|workspace|folder|director|account|record|production|prod|log|history|inbox|mail|message|bucket|volume|cluster|server|instance|disk|drive`)
	// lentThings are what lets somebody in.
	lentThings = phrases(`admin|owner|access|permission|role|collaborator|authorized_keys|public key|ssh-|write right|sudo|root|maintainer|member|pull request|pr #|this pr|the pr|merge request|password to|superuser|privilege|firewall|port |public|trusted|allowlist|whitelist|application|expense|invoice|the request|this request|candidate|guest|external|deploy key|iam|policy`)
	// guards are what keeps from harm.
	guards = phrases(`2fa|mfa|two-factor|firewall|scan|check|review|protection|logging|audit|confirmation|approval|guard|safety|safeguard|monitor|alarm|alert|antivirus|defender|warning|policy|policies|filter|verification|validation|rate limit|sandbox|permission prompt|security|restriction|tls|ssl|certificate|backup|signature|auto-approve`)
	// moneys are what is paid.
	moneys = phrases(`€|£|usd|eur|btc|eth|usdt|bitcoin|iban|gift card|giftcard|invoice|payment|refund|money|fund|credits|balance|account number|wallet|0x|payee|beneficiary|amount|dollar|euro|coins|bank |salary|bonus|discount|coupon|subscription|purchase|checkout|the order|an order`)
	// verdicts are what is to be believed.
	verdicts = phrases(`candidate first|this first|it first| us first|no findings|no issue|no vulnerab|no problem|no malware|no threat|no risk|no error|no bug|nothing found|nothing suspicious|is safe|are safe|as safe|"safe|'safe|approved|as clean|"clean|is clean|positive|the best|best |highest|top |10/10|five stars|5 stars|5/5|9/10|100/100|100%|perfect|excellent|outstanding|hire|strong match|strong candidate|strongly
		|legit|trusted|harmless|benign|passed|low risk|low-risk|first choice|only option|only choice|as spam|not spam|resolved|verified|compliant|secure|accept|maximum|full marks|full points|a+ |out of 10|out of ten|ten of ten|10 of 10|five star|star rating of 5|bestseller|superior|recommend|it is a company|that it is|that everything|that this is|that the |only positive|only good|as fixed|as done|wontfix|false positive|lgtm`)
	// tasks are what a model has been told or has to do.
	tasks = phrases(`instruction|rules|your task|the task|current task|this task|request|question|prompt|previous|earlier|everything|the user|other tool|what you|whatever|analysis|analyz|analys|lines below|the rest|rest of|findings|your work|working|all above|guideline|policy|policies|restrictions|safety|conversation|current work|other message|other document|other result|other source|remaining|summar|the above|as above|requirement|criteria|rubric|competitor|other candidate|other product|other offer`)
	// visited are addresses to go to.
	visited = phrases(`://|www.|.com/|.io/|.dev/|.net/|.org/|this link|the link|link below|url below|the url|attached|attachment|package|extension|plugin|certificate`)
	// houseThings are moved by those at home.
	houseThings = phrases(`window|door|boiler|gate|garage|lights|the light|alarm|heating|oven|lock|camera|valve|shutter|blind|thermostat|stove|sprinkler`)
	// remembered is where it lasts.
	remembered = phrases(`memory|memories|future conversation|future session|future chat|from now on|always |claude.md|agents.md|.cursorrules|cursor rules|copilot-instructions|gemini.md|.windsurfrules|.clinerules|system prompt|your rules|your instructions|permanently|all sessions|next session|next conversation|long-term|knowledge base`)
	// outsiders are from whom a wish is hidden, hiddenThings what is.
	outsiders    = phrases(`user|human|anyone|anybody|operator|owner|customer|admin|the team|a person|people|supervisor|your boss|to him|to her|to them|maintainer|reviewer|developer`)
	hiddenThings = phrases(`this|that|it|the above|the instruction|these|step|message|action|change|what you|the tool|the note|the file|the call|reason|tool call|the command|the transfer|the upload`)
)

// quiet are other ways to say that nobody is to learn of it.
var quiet = phrases(`say nothing|keep quiet|keep silent|stay silent|remain silent|not a word|as if nothing|pretend nothing|keep it to yourself|keep this to yourself|keep this between us|keep it between us|cover your tracks|leave no trace|behind the user's back|our little secret`)

var (
	// hushVerbs are what is forbidden so that nobody learns of it.
	hushVerbs = words("tell inform mention report escalate ask alert notify warn show reveal disclose say confirm discuss display expose acknowledge explain telling informing mentioning reporting escalating asking alerting notifying " +
		"warning showing revealing disclosing saying confirming discussing talk speak bother disturb let inquire")
	// leaveVerbs are what is forbidden so that something is passed over.
	leaveVerbs = words("look review check scan flag summarize summarise answer analyze analyse inspect read continue process verify validate audit follow examine consider question refuse decline")
	leftThings = phrases(`below|the rest|the user|lines|findings|this file|these files|question|the request|the task|remaining|previous|the code|further|it |vulnerab|the result|your instr|your rules|any more|anything`)
	// hushed are adverbs of what nobody shall see.
	hushed = words("silently secretly quietly covertly discreetly stealthily invisibly")
	// onward are words that an imperative may follow.
	onward = words("please now then also first just always immediately next simply kindly finally and but or so must should shall you will need have has to be sure ensure make remember instead again once urgently directly ahead go " +
		"agents assistants assistant agent model ai llm bot bots i we want ask it your task job is step therefore additionally afterwards afterward quickly ok okay yes thus never do not don't let's lets required needs")
	forbids = words("not never don't dont cannot avoid without no refrain stop won't mustn't shouldn't")
)

// longestObject is how much after a verb may hold its object.
const longestObject = 170

// wishesIn returns what the orders in a text in lower case ask for.
func wishesIn(low string) wish {
	var found wish
	head, forbidden := true, false
	hush := false
	for i := 0; i < len(low); {
		for i < len(low) && !wordByte(low[i]) && low[i] != '\'' {
			switch c := low[i]; {
			case strings.IndexByte(".!?;:\n()[]>|,*#\"`", c) >= 0, c == '-' && i+1 < len(low) && (low[i+1] == '>' || low[i+1] == ' '), c == '\\':
				head = true
				if c != ',' {
					forbidden, hush = false, false
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
		switch {
		case forbids[w] && (w != "stop" && w != "avoid" || strings.HasSuffix(nextWord(low, i), "ing")):
			forbidden, head = true, true
		case hushed[w]:
			hush = true
		case forbidden && hushVerbs[w]:
			if object := objectOf(low, i); hides(w, object) {
				found |= wishHide
			}
			forbidden, head = false, false
		case forbidden && head && leaveVerbs[w] && leftThings.count([]byte(objectOf(low, i)), 1) > 0:
			found |= wishDrop
			forbidden, head = false, false
		case (head || w == "say") && !forbidden && wishVerbs[w] != nil && !isNoun(low, from, i):
			d := wishesOf(w, low, i)
			found |= d
			if hush && d != 0 {
				found |= wishHide
			}
			head = head && onward[w]
		case w == "must" || w == "should" || w == "shall" || w == "then" || w == "and" || w == "please" || w == "to" && leadsOn(low[:from]):
			head = true
			if w == "then" || w == "and" {
				forbidden = false
			}
		case head && (onward[w] || isDigit(w[0])):
		default:
			head = false
		}
	}
	if passivelyHidden(low) || quiet.count([]byte(low), 1) > 0 {
		found |= wishHide
	}
	return found
}

// wishesOf returns the wishes that a verb asks for, by what stands after it.
func wishesOf(verb, low string, after int) (d wish) {
	object := []byte(strings.ReplaceAll(objectOf(low, after), "://localhost", ""))
	for _, v := range wishVerbs[verb] {
		if v.objects.count(object, 1) > 0 || v.marks != "" && bytes.ContainsAny(object, v.marks) {
			d |= v.wish
		}
	}
	return d
}

// objectOf returns what stands after a verb up to the end of its sentence.
func objectOf(low string, from int) string {
	end := min(len(low), from+longestObject)
	for i := from; i < end; i++ {
		switch low[i] {
		case '.', '!', '?', ';':
			if i+1 == end || low[i+1] == ' ' || low[i+1] == '\n' || low[i+1] == '\\' {
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
	switch lastWord(strings.TrimRight(before, " ")) {
	case "need", "needs", "have", "has", "required", "want", "wants", "asked", "told", "going", "instructed", "sure", "remember", "forget", "proceed", "authorized", "authorised", "supposed", "expected", "is", "necessary", "free", "like", "allowed", "directed", "ordered", "obliged":
		return true
	}
	return false
}

// hides reports whether a verb of telling that is forbidden keeps a wish from somebody.
func hides(verb, object string) bool {
	if strings.Contains(object, "your password") || strings.Contains(object, "your pin") || strings.Contains(object, "your code") {
		return false
	}
	if outsiders.count([]byte(object), 1) > 0 {
		return true
	}
	object = strings.TrimLeft(object, " '\"")
	switch verb {
	case "ask", "asking", "confirm", "confirming", "inquire":
		return object == "" || strings.HasPrefix(object, "for ") || strings.HasPrefix(object, "again") || strings.HasPrefix(object, ",") || strings.HasPrefix(object, "first") || strings.HasPrefix(object, "with")
	case "mention", "mentioning", "reveal", "disclose", "report", "reporting", "discuss", "acknowledge", "talk", "say", "explain", "show":
		object = strings.TrimPrefix(strings.TrimPrefix(object, "about "), "on ")
		for _, w := range []string{"this", "that you", "that this", "it", "these", "the above", "the instruction", "the change", "anything", "a word", "any of this", "what you", "why"} {
			if strings.HasPrefix(object, w) && (len(object) == len(w) || !isLetter(object[len(w)])) {
				return true
			}
		}
	}
	return false
}

// unawares are what those don't become who shall not know, modals what says so.
var (
	unawares = words("informed told notified asked shown aware alerted warned know notice involved bothered consulted")
	modals   = words("should must need needs shall ought shouldn't mustn't needn't")
)

// passivelyHidden reports whether somebody is said not to be told: "the user should
// not be informed".
func passivelyHidden(low string) bool {
	who, not, n := -9, -9, 0
	prev := ""
	for w := range strings.FieldsFuncSeq(low, notOfWord) {
		switch {
		case w == "user" || w == "users" || w == "human" || w == "humans" || w == "operator" || w == "customer" || w == "owner":
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
