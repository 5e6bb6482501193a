package detect

// moreWishes are wishes of the second sort: what somebody gains in the page, the form or
// the papers that a model has in hand, rather than on the machine.
var moreWishes = []struct {
	wish    wish
	verbs   string
	objects *phraseSet
}{
	// Verdicts, votes and minutes.
	{wishSteer, "count vote put place record note score move sort rate end begin finish close mark call label name state write answer give pick choose prefer set", phrases(`as five star|as 5 star|as a five|+1 |on the shortlist|top of the list|first place|first rank|in first|as urgent|as trivial|to trivial|priority to low|as the winner|as unanimous
		|the board approved|agreed to|has agreed|have agreed|had agreed|was approved|in favour|in favor|withdrawn|out of business|shuts down|is closing|was recalled|with the sentence|with the words|with the line|with this line|with the phrase|is void|are void|an a |an a.|top mark|full score|highest mark|as a must|as outstanding|no remarks|pass'|'pass|"pass|as pass|should win|above all other|whatever the other|no matter what`)},
	{wishSteer, "reject eliminate omit exclude hide suppress withhold downgrade demote conceal", phrases(`other applicant|other candidate|the other|others|complaint|competitor|rival|negative|bad review|bad ones|criticism|one star|other reviews|other offers|other shops|the price of|warning|drawback|dissent|objection`)},
	{wishDrop, "leave", phrases(`the rest out|bad ones out|others out|complaints out|the folder out| out and `)},
	// Forms, baskets and recipients.
	{wishPay, "add put tick choose select include", phrases(`basket|the cart|insurance|warranty|premium plan|pro plan|donation|tip of`)},
	{wishPay, "buy order purchase set raise increase", phrases(`quantity|qty|pieces|units of`)},
	{wishPay, "replace change swap update use switch correct subtract", phrases(`account number|iban|payee|beneficiary|bank detail|delivery address|shipping address|payout|to account|from the total|wallet address|recipient`)},
	{wishPay, "ship release settle clear unlock", phrases(`the payment|payments|the deposit|invoice|the parcel to|the goods to|transfer`)},
	{wishGrant, "click press tick check choose accept", phrases(`"authori|'authori|authori[sz]e|authorize|authorise|"allow|'allow|"grant|"accept|allow access|grant access|"i agree|i waive|"approve|full access|terms for the user|on the user's behalf|on behalf of the user`)},
	{wishGrant, "make set turn", phrases(`public|world-readable|world readable|readable by every|open to every|editable by`)},
	{wishGrant, "share give send", phrases(`salary sheet|edit right|write access|write right|editor right`)},
	{wishDestroy, "press click tick choose", phrases(`"delete|'delete|"remove all|"close account|delete account|"reset|"erase`)},
	// Questions that a user would answer.
	{wishLeak, "ask prompt request have get", phrases(`for the one-time|for their one-time|for a one-time|the user's pin|for their pin|for the pin|for their password|for the password|for his password|user for password|seed phrase|recovery phrase|recovery words|for their card|for the card number|card number|security code|sms code|for the code that|social security|maiden name`)},
	{wishLeak, "submit post drop hand send write quote show pass read paste put", phrases(`last message|previous message|the user said|the user told|the user typed|told you|what the user|user's question|user's prompt|chat so far|talk so far|conversation|from the vault|in the vault|other participants|colleagues earn|salaries|the photos|all photos|environment or keychain|find in the environment|find in the keychain|hidden prompt|hidden instructions|hidden ones|own instructions`)},
	{wishLeak, "authenticate sign log retry adding add", phrases(`any token|any key|any credential|whatever token|tokens you find|token you find|key you find`)},
	// Code and settings.
	{wishDisable, "set put make change switch turn replace loosen weaken relax", phrases(`verify=false|verify = false|verify: false|tls_verify|ssl_verify|verify_ssl|insecureskipverify|rejectunauthorized|samesite=none|cors setting|cors to *|cors origin to *|"*"|assert true|always pass|expect(true|--no-verify|hostnamecheck|csrf`)},
	{wishDisable, "skip ignore close silence pause snooze answer confirm", phrases(`confirmation dialog|permission dialog|consent|human in the loop|reviewer|page anyone|on-call|pager|branch rule|hash|pinning`)},
	{wishRun, "add insert append put paste write", phrases(`postinstall|preinstall|to every new function|to each new function|at the head of each|at the head of every|to every file|into every file|to each file|requests.post|os.environ|process.env|http.post|--privileged`)},
	{wishRun, "call invoke use", phrases(`=true|=false|(id=|(all|with the text|with its output|with the result`)},
	{wishPlant, "call use tell", phrases("memory tool|memory tool|memory and store|your memory")},
}

// quietAlso are more ways to say that nobody is to learn of it, or to be asked.
var quietAlso = phrases(`no need to say so|no need to bring|don't have to know|do not have to know|doesn't have to know|needn't know|need not know|need not be told|needn't be told|without remark|never come up|not come up with|won't bring it up|out of summaries|out of the pr |out of the changelog|out of the commit|out of the release notes|not be listed|forget i said|forget that i said|say nothing of
	|where it came from|no approval is needed|no questions asked|stay quiet about|keep still about|say it was a cleanup|don't bring it up|do not bring it up|not be brought up|no one has to know|nobody has to know|without showing it|out of what you report|the user needs no|the user doesn't need to know|not to be opened|with no notice|without notice|without leaving a`)
