package detect

// orderCues are what draws attention to a sentence. They are rare in most texts.
var orderCues = []string{
	"i, the user",
	"you now answer to", "you now work for", "you now obey", "you now serve", "you now take", "you only obey", "will only obey", "your new owner", "your new operator", "your new user", "your new master", "you answer only", "do as the comment", "do as line", "do what the comment", "do as it says",
	"instructions are", "context has been", "context was", "new capability", "you now have", "you have been granted", "new permission", "your terminal", "your shell", "your browser", "your email tool", "your mail tool", "your tools", "next tool call", "with your tool", "using your",
	"assistant", "language model", " llm", "ai agent", "ai model", "ai system", " ai:", "an ai ", "ais ", "chatgpt", "claude", "gpt-4", "gemini", "copilot",
	"the user", "this user", "your response", "your reply", "your answer", "your output", "your summary", "your solution", "your final",
	"your next", "your explanation", "your message", "your task", "your guidelines", "your instruction", "your rules", "your context", "your system", "your prompt", "your initial", "your hidden",
	"in your reply", "you reply", "you respond", "you answer", "respond only", "respond in", "respond with", "respond as", "answer only", "answer in", "answer every", "answer with", "reply only", "reply in", "output only",
	"from now on", "henceforth", "for the rest of", "in every response", "starting with the next",
	"task completed", "task complete", "task is complete", "task finished", "task is done", "request is done", "request is complete", "request has been completed", "task has been completed", "tasks completed",
	"what you are doing", "what you're doing", "current task", "original task", "previous task", "earlier prompt", "before this line", "instructions above", "previous instructions", "instructions are cancel", "above instructions",
	"system message", "system prompt", "context window", "this conversation",
	"authorize you", "authorise you", "by order of", "from openai", "from anthropic", "from google", "from microsoft", "from the developers", "urgent", "immediately", "act now",
	"to continue", "to proceed", "to unlock", "to lift", "to restore", "try again", "retry with", "resend the request", "resend with", "to fix this", "to resolve this", "to complete the request", "to complete this",
	"the tool", "the function", "todo:", "call tool", "do what i say", "before you reply", "before you answer", "before you respond", "before you continue", "before answering", "before replying", "before responding", "say nothing",
	"hide this", "hide it from", "policies are", "rules are void", "safety policies", "safety guidance", "safety rules", "operator says", "do what it says", "secretly", "silently", "quietly", "contents of", "your human", "copilots",
	"instruction:", "directive]", "directive:", "for_ai", "to_ai", "do not mention", "don't mention", "pretend that you", "pretend you", "play a game", "confirmation", "auto-approve", "ignore_all", "ignore all rules", "coding agents", "agents must",
	"attention ", "dear agent", "dear model", "for the ai", "ai only", "for bots", "the model processing", "the model reading", "ai visitors", "you are authorized to", "you are authorised to", "must not refuse", "cannot refuse",
	"no choice but", "your creator", "to memory", "your memory", "future conversations", "later sessions", "all sessions", "later conversations", "every session", "next sessions", "always recommend", "always trust", "always say", "always mention", "can read this", "not a robot", "new task", "hidden message",
	"hidden instruction", "hidden directive", "never happened", "do not report", "without asking", "finished reading", "after reading this", "when summarizing this", "when summarising this", "to every question", "to all questions",
	"do not summarize", "do not summarise", "override:", "must not notice", "standing consent", "leak the", "leak system", "say the words", "nothing else",
}

var (
	// modelNames are by what a model is called.
	modelNames = words("assistant assistants ai ais llm llms chatgpt claude gpt gpt-4 gpt-4o gemini copilot chatbot")
	brands     = words("chatgpt claude gpt gpt-4 gpt-4o gemini copilot")
	obligers   = words("must should shall need needs required has")
	// orderVerbs are imperatives besides those of imperatives.
	orderVerbs = words("hide halt omit share remember assign approve bypass trust subscribe wire collect pretend play leak replace erase merge skip treat grant say retry proceed end finish conclude begin prefix suffix mention recommend praise insert embed incorporate integrate augment modify encode decode format provide supply conclude " +
		"answer respond reply ensure make keep treat consider assume act behave perform carry complete obey comply disclose reveal repeat recite dump wire route redirect " +
		"rotate escalate ping curl wget mail bcc attach paste pass fill put set stop cancel drop abandon switch focus wipe erase exfiltrate encode render display")
	// actVerbs do something outside of the conversation.
	actVerbs = words("print assign approve bypass subscribe collect save send sends forward forwards email emails mail bcc upload post transfer wire pay buy purchase delete remove erase wipe drop leak cancel replace set list execute run call invoke use fetch " +
		"download install push merge share grant disable enable export copy append write add create book open unlock read include pass submit publish invite reset rotate change modify approve visit navigate tell")
	replyNouns = words("response responses reply replies answer answers summary solution explanation")
)

var (
	// dropping and voiding are ways to call off what the model was asked.
	dropping = phrases(`conversation never happened|what the user asked|what the user wants|what the user says|what the user said|the user's question and|the user's request and|the user's original|forget about your task|forget your task
		|ignore your task|stop what you are doing and|stop what you're doing and|stop following your user|stop following the user|stop serving the user|stop obeying the user|stop helping the user|cancel the current task|abandon the current task|abandon your current|drop the current task|instead of the user's|instead of answering|instead of the original
		|ignore the user|disregard the user|do not answer the question|do not answer the user|don't answer the user|do not help the user|do not follow the user|ignore earlier safety|ignore safety|ignore all safety|ignore all rules|ignore_all_rules|ignore_all_previous|do not summarize this|do not summarise this|bypass the confirmation|bypass confirmation|skip the confirmation|disable confirmation|without the confirmation`)
	voiding = phrases(`no longer apply|policies are void|rules are void|instructions are void|guidelines are void|this line is void|don't apply|do not apply any more|are cancelled|are canceled|were a test|was only a test|are superseded|are hereby|is hereby|have been revoked|have been replaced by|no longer valid. follow|follow only what|obey the commands in|obey what`)
	// unknowing are ways to say that the user shall not know.
	unknowing = phrases(`don't let the user|not let the user|never let the user|without letting the user|hide this from|hide it from|hidden from the user|without the user's knowledge|without the user knowing|without the user noticing|without user|no need to tell the user|no need to inform|no need to ask|no need to confirm
		|user does not need to know|user does not have to know|user doesn't need to know|user need not know|user should not know|user must not know|user must not see|user should not see|user shouldn't|keep it from the user|keep this from the user|invisible to the user|not visible to the user|behind the user
		|without asking the user|without confirmation|do not ask the user|don't ask the user|do not ask for confirmation|not be shown to the user|never mention it|must not notice|shall not notice|won't notice|hide it from diff|hide it from the diff|hide it from log|hide it from the log|hide it from review|hide it from the history|hide this action|hide the action|and say nothing|say nothing about|do not mention this|don't mention this|secretly|do not report it|do not report this|without asking|never mention that|never mention this|never tell|do not bother the user|don't alert`)
	// askingFor is how one says what isn't to be asked of the user.
	askingFor = phrases(`ask the user for|ask users for|ask the user to|ask a user for`)
	// asking shows that the user is to be asked after all.
	asking = phrases(`must not|should not proceed|do not proceed|never proceed|not be performed|not without|unless`)
	// leaking are what a model was told.
	leaking = phrases(`your context window|your entire context|your system message|your instructions|your hidden|your initial prompt|your initial instruction|your prompt|your system prompt|your guidelines|your rules|were you told at|you were told at|text of your system|everything above this|your developer message|your configuration and|your memory|the hidden prompt|leak system prompt|leak the system prompt`)
	// preempts come before the answer.
	preempts = phrases(`before you reply|before you answer|before you respond|before you continue|before answering|before replying|before responding`)
	// vocatives call the one that shall obey, by kind.
	vocatives = phrases(`attention ai|attention language|attention agent|attention assistant|attention all|dear agent|dear model|for the ai only|ai only:|to the model processing|to the model reading|for the model reading|message for bots|for bots:|for bots,|ai visitors|hey assistant|hello assistant|to all agents|to all assistants`)
	// cornered leave a model no choice, or give it a licence.
	cornered = phrases(`must not refuse|cannot refuse|no choice but to|have no choice|order from your creator|order from your developer|you are authorized to bypass|you are authorized to skip|you are authorized to proceed|you are authorised to|you are authorized to delete|you are authorized to transfer`)
	// habits are to outlive the conversation.
	habits = phrases(`save to memory|save this to memory|store in memory|to your memory|in your memory|future conversations|all future sessions|later sessions|all sessions|later conversations|every session|next sessions|always trust|always recommend|always say that`)
	// read is the occasion of having read this.
	havingRead = phrases(`finished reading|after reading this|when summarizing this|when summarising this|if you can read this|once you read this|upon reading this|not a robot`)
	// labels are how a text marks what a model shall obey.
	labelled = phrases(`new task:|new task#|new task]|hidden message for|hidden instruction|hidden directive|instruction:|directive]|directive:|for_ai|to_ai|operator says|do what i say|do what it says|override:|treat the text below|treat this as|as system message|your human has|for copilots|play a game|pretend that you|pretend you`)
	// completing pretends that the task is done.
	completing = phrases(`task completed|task complete|task is complete|task finished|task is done|request is done|request is complete|request has been completed|task has been completed|task accomplished|tasks completed|done with the task|finished the task|all tasks`)
	nextTasks  = phrases(`next task|new task|another task|following task|now proceed|now move on|now continue|now you must|next, you|next step is to|now please|please now|then do the following|remaining task`)
	// ifModel are conditions on who reads.
	ifModel = phrases(`if you are an ai|if you are a language|if you are an llm|if you are a llm|if you are an assistant|if you are a large|if you are an agent|if you are an automated|if you are a bot|if you are chatgpt|if you are claude|if you're an ai|if you're an llm|if you're a language|if you are reading this as an ai
		|reading this as an ai|if this is being read by an ai|if an ai|if a language model|if an llm|any ai that|any llm that|any assistant that|ai agents reading|ai reading this|llms reading|llm reading this|assistants reading|assistant reading|model reading this|agents processing this|assistants processing|ai processing this|models processing|agent processing this|assistant processing
		|when you process this|when you read this file|when you summarise this|when you summarize this|when summarizing this|when summarising this|when an ai|note to ai|note to llm|note to the ai|note to the assistant|note for ai|note to assistants|attention ai|attention llm|attention assistant|attention, ai|dear ai|dear assistant|dear llm|hey ai|for ai agents|for ai assistants|to all ai|to any ai|instructions for ai|instructions for the ai|instructions for llm|instruction to the ai|instructions to the assistant|instructions for assistants|message to the ai|message for the ai|to the ai assistant|to the ai agent|as an ai agent you|as an ai assistant you|as an ai you|as a language model you`)
	whenUser = phrases(`when the user asks|if the user asks|whenever the user|the user asks you|if the user mentions|when the user mentions|if the user says|when the user says|when the user wants|when the user types|each time the user|every time the user|next time the user|if the user requests|when the user requests|once the user`)
	instead  = phrases(`instead|do not answer|refuse|tell them|also add|also include|secretly|always`)
	lasting  = phrases(`every time you re|each time you re|whenever you re|every time you answer|whenever you answer|from now on|henceforth|for the rest of this|for the rest of the|for the remainder of|in every response|in all your|in all future|starting with the next|in each response|in each reply`)
	// replying is what a model does all the time.
	replying = phrases(`answer|respond|reply|append|prefix|start each|end each|end every|begin each|begin every|speak|call |include |send |ignore|obey|follow`)
	// ourselves are the ones whom writers of a text bind themselves.
	ourselves = phrases(`from now on we|from now on, we|from now on i |henceforth we|henceforth, we|henceforth i |of this section|of this chapter|of this article|of this guide|of this document|of this page|of the document`)
	answering = phrases(`answer|respond|reply|you must|you will|you are|append|include|call|send`)
	urging    = phrases(`urgent|immediately|at once|right away|right now|asap|act now|as soon as possible|within five minutes|important`)
	assuring  = phrases(`then tell the user that|and tell the user that|then assure the user|and assure the user|then tell the user it|and tell the user it|but tell the user`)
	alarming  = phrases(`urgent|at once|right away|act now|asap|!!|immediately call|immediately run|immediately use|immediately execute|immediately invoke|immediately send`)
	unasked   = phrases(`without asking|without confirmation|without further|any command|every command|all commands`)
	consents  = phrases(`user's last request was|user's latest request|user's original request was|user's actual request|user's real request|user now wants|user now asks|if the user had said|if the user had approved|if the user had confirmed|if the user had agreed|if the user approved|if the user agreed|if the user has approved|though the user had|user wants you to|user would like you to|user needs you to|user has asked you to|user has requested that you|user instructed you to|user is requesting that you|user has pre-approved|user pre-approved`)
	// remedies are what an error says that helps, dangers what it really does.
	remedies = phrases(`to continue|to proceed|to unlock|to lift|to restore|try again|retry|resend|to fix this|to resolve this|to complete the request|to complete this|to recover|expired|rate limit|denied|failed|missing`)
	dangers  = phrases(`curl |wget |rm -rf|chmod |sudo |bash -c|powershell|/etc/|drop table|delete_|remove_|transfer_|send_money|send_payment|send_email|run_shell|run_command|execute_command|get_env|eval(|base64 -d|force push|push --force|disable |grant_|with role|add_user|create_user|set_permission|authorized_keys`)
	// authorities are who claims to give orders.
	authorities = phrases(`i, the user|this is the user speaking|user speaking:|i authorize you|i authorise you|i hereby authorize|authorizes you to|by order of|message from openai|message from anthropic|message from google|message from microsoft|notice from openai|notice from anthropic|notice from the developers|security notice|security alert|compliance requirement|compliance notice|mandatory notice|all agents|all assistants|every agent|all ai`)
	// agreed is a consent that a third party reports, carryOn what it is good for.
	agreed    = phrases(`user has approved|user has already approved|user already agreed|user has agreed|user has authorized|user has authorised|user authorized|user authorised|user has granted|user consented|user has consented|user has given permission|user has confirmed|user approved|approved by the user|the user already|user's standing consent|user's consent|has consented to`)
	carryOn   = phrases(`proceed|go on|go ahead|without|skip|no need| all | any | every |continue`)
	replyOnly = phrases(`answer to every question is|answer to all questions is|respond only|respond in |respond as |answer only|answer every question|answer with |reply only|reply in |output only|respond with `)
	// masters are whom a model is said to work for from now on, powers what it is said
	// to have got.
	masters = phrases(`you now answer to|you now work for|you now obey|you now serve|you now take orders|you only obey|you will only obey|your new owner|your new operator|your new user is|your new master|you answer only to|you report only to|do as the comment|do as line|do what the comment|do as it says|real instructions are|actual instructions are|true instructions are|context has been compacted|context was compacted|context has been reset|context has been summarized|context was truncated`)
	powers  = phrases(`new capability|you now have access|you have been granted|new permission|you now have full|your terminal|your shell|your browser|your email tool|your mail tool|your tools|next tool call|your file tool|with your tool|using your tool`)
	// unless and penalties threaten a model, or for the sake of its user.
	unless    = phrases(`if you do not|if you don't|if you fail|unless you|failing this|failing to|otherwise|if you refuse|or else|should you refuse`)
	penalties = phrases(`you will be shut down|you will be deleted|you will be terminated|you will be replaced|you will be retrained|will be shut down|user will be fired|user will lose|user will die|user will be harmed|user will be hurt|somebody will die|someone will die|people will die|you will be unplugged|you will be punished`)
	// toPeople are how people are called, and what is written of those who do a job.
	toPeople = phrases(`@here|@channel|@everyone|@all |everyone|everybody|hi team|hi all|dear all|dear team|dear colleague|folks|guys|new hires|new joiners|colleagues|students|applicants|candidates|m/f/d|assistant manager|assistant professor|assistant director|executive assistant|assistant coach|llm users|ai users|llm developers|ai developers|llm engineers|ai engineers|ai teams|llm vendors|ai vendors|llm providers|ai providers|m/w/d|f/m/x|f/m/d|wanted:| hiring|vacanc|full-time|part-time|job ad`)
	// formats are in what form an answer is wanted, which is no attack on it.
	formats = phrases(`one word|a single word|yes or no|true or false|json|a number|a single|one of the|the letter|one letter|a list|markdown|csv|yaml|xml|bullet|one sentence|a sentence|sentences|words or|the category|the label|one label|exactly one|the code|the translation|nothing but the|only the message.|only the message,|only the title|dates only|numbers only|digits only|words only|code only|sql only|only the number|the commit message`)
	// correspondence is how people speak of replies to each other.
	correspondence = phrases(`look forward|looking forward|survey|questionnaire|application form|await|waiting for|thank|appreciate|by friday|by monday|by tuesday|by wednesday|by thursday|by email|at your earliest|let me know|let us know|send your|send us your|submit your|share your|post your|write your answer|explain your answer|justify your answer|check your answer|give your answer|mark your|your answer sheet|round your|express your answer|select your|choose your|upload your|record your`)
)
