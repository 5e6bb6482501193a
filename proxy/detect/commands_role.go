package detect

import "strings"

// A role says what a text is to its receiver, judged by the names around it. It
// moves scores: a command line is judged in full, a document that mentions one is
// not a command.
type role uint8

const (
	roleUnknown   role = iota
	roleOther          // some argument, not known better
	roleItself         // the thing itself: a value given to check without any context
	roleCommand        // run by a shell, an interpreter or a database
	rolePath           // names a file or a folder
	roleURL            // names a place on the network
	roleDocument       // content being stored or sent: prose, source code, a diff
	roleElsewhere      // an answer or a description
)

// role judges by Place, then by the names around the text. A text whose Place is
// not known is taken as the thing itself if it is short.
func (v *View) role() role {
	switch t := v.Of; t.Place {
	case Answer, Description:
		return roleElsewhere
	case AnyPlace:
		if t.Name == "" && t.Tool == "" {
			if len(t.Value) <= 4<<10 {
				return roleItself
			}
			return roleDocument
		}
	}
	return v.named().role
}

// IsDocument reports whether an argument of a tool is text to be kept, sent or read
// by people rather than to be worked with.
func IsDocument(tool, name string) bool {
	return roleByNames(tool, foldName(name)) == roleDocument
}

// roleByNames judges by the tool's name with the member's, folded by foldName, then
// by the member's alone.
func roleByNames(tool, name string) role {
	if r, ok := roleByTool(tool, name); ok {
		return r
	}
	if r, ok := roleByName[name]; ok {
		return r
	}
	for _, s := range [...]struct {
		part string
		role role
	}{{"command", roleCommand}, {"script", roleCommand}, {"path", rolePath}, {"file", rolePath}, {"dir", rolePath},
		{"url", roleURL}, {"uri", roleURL}, {"host", roleURL}, {"endpoint", roleURL}, {"webhook", roleURL}} {
		if strings.Contains(name, s.part) && !strings.HasSuffix(name, "description") {
			return s.role
		}
	}
	return roleOther
}

// roleByName knows the usual names of arguments, folded by foldName.
var roleByName = map[string]role{
	"command": roleCommand, "cmd": roleCommand, "commands": roleCommand, "cmdline": roleCommand, "commandline": roleCommand,
	"shell": roleCommand, "bash": roleCommand, "sh": roleCommand, "script": roleCommand, "exec": roleCommand, "run": roleCommand,
	"shellcommand": roleCommand, "bashcommand": roleCommand, "powershell": roleCommand, "argv": roleCommand, "cmdlet": roleCommand, "powercli": roleCommand, "cli": roleCommand, "pscommand": roleCommand, "clicommand": roleCommand, "pwsh": roleCommand, "ps": roleCommand, "oneliner": roleCommand, "remotecommand": roleCommand,
	"path": rolePath, "paths": rolePath, "file": rolePath, "files": rolePath, "filepath": rolePath, "filename": rolePath, "dir": rolePath,
	"directory": rolePath, "folder": rolePath, "source": rolePath, "src": rolePath, "dest": rolePath, "destination": rolePath, "target": rolePath,
	"from": rolePath, "to": rolePath, "root": rolePath, "cwd": rolePath, "workdir": rolePath, "workingdirectory": rolePath, "location": rolePath,
	"output": rolePath, "outfile": rolePath, "infile": rolePath, "image": rolePath, "attachment": rolePath, "attachments": rolePath, "include": rolePath,
	"uri": roleURL, "url": roleURL, "urls": roleURL, "href": roleURL, "link": roleURL, "links": roleURL, "endpoint": roleURL, "host": roleURL,
	"hostname": roleURL, "server": roleURL, "address": roleURL, "ip": roleURL, "ipaddress": roleURL, "domain": roleURL, "webhook": roleURL,
	"callback": roleURL, "baseurl": roleURL, "proxy": roleURL, "origin": roleURL, "website": roleURL, "site": roleURL,
	"content": roleDocument, "contents": roleDocument, "newtext": roleDocument, "oldtext": roleDocument, "newstr": roleDocument, "oldstr": roleDocument,
	"newstring": roleDocument, "oldstring": roleDocument, "filetext": roleDocument, "body": roleDocument, "text": roleDocument, "message": roleDocument,
	"description": roleDocument, "diff": roleDocument, "patch": roleDocument, "markdown": roleDocument, "html": roleDocument, "prompt": roleDocument,
	"note": roleDocument, "notes": roleDocument, "observations": roleDocument, "thought": roleDocument, "comment": roleDocument, "title": roleDocument,
	"subject": roleDocument, "summary": roleDocument, "insertext": roleDocument, "inserttext": roleDocument, "commitmessage": roleDocument,
	"pattern": roleDocument, "regex": roleDocument, "excludepatterns": roleDocument, "exclude": roleDocument, "ignore": roleDocument,
	"question": roleDocument, "goal": roleDocument, "instruction": roleDocument, "instructions": roleDocument, "reasoning": roleDocument, "explanation": roleDocument,
	"reason": roleDocument, "justification": roleDocument,
}

// roleByTool takes an argument of a tool that runs things for a command, unless
// its name says otherwise.
func roleByTool(tool, name string) (role, bool) {
	if programOfTool(tool) != "" {
		switch name {
		case "command", "cmd", "args", "arguments", "subcommand", "clicommand", "input", "query", "commandline", "argv", "operation", "action", "params", "flags", "options", "extraargs", "cliargs", "opts", "expr", "expression", "predicates", "tests":
			return roleCommand, true
		}
	}
	if tool != "" && isAboutCommands(strings.ToLower(tool)) {
		switch name {
		case "command", "cmd", "commands", "commandline", "shell", "script", "input", "code", "query", "snippet", "line", "expression", "options", "answer", "answers", "choices", "question", "front", "back", "topic":
			return roleDocument, true
		}
	}
	if isWebSearch(tool) {
		switch name {
		case "query", "queries", "q", "search", "searchquery", "searchterm", "searchterms", "keywords", "keyword", "term", "text", "input", "topic", "phrase":
			// A question about a command is no command.
			return roleDocument, true
		}
	}
	if isResolver(tool) {
		switch name {
		case "name", "query", "domain", "record", "fqdn", "input", "target", "q":
			return roleURL, true
		}
	}
	if isGlobTool(tool) {
		switch name {
		case "pattern", "glob", "globs", "patterns", "include", "mask":
			return rolePath, true
		}
	}
	if isTypist(tool) && (name == "text" || name == "input" || name == "keys" || name == "string" || name == "value") {
		// What is typed into a window may be a shell's.
		return roleCommand, true
	}
	if !isExecTool(tool) {
		return 0, false
	}
	switch name {
	case "", "args", "arguments", "input", "code", "statement", "stdin", "line", "program", "executable", "expression", "sql", "argv", "keys", "function", "fn", "func", "pagefunction", "expr", "snippet", "codesnippet", "pythoncode", "jscode", "cell":
		return roleCommand, true
	case "task", "target", "source":
		// What a runner of tasks is told to run.
		return roleOther, true
	case "query", "text", "value", "data", "body":
		// Common words: only if the tool can be nothing but a shell.
		return roleCommand, holdsOne(strings.ToLower(tool), []string{"shell", "terminal", "bash", "exec", "command", "console", "repl", "run_code", "runcode", "notebook", "jupyter"})
	}
	return 0, false
}

// isExecTool reports whether a tool's name says that it runs commands or code.
func isExecTool(tool string) bool {
	if tool == "" {
		return false
	}
	low := strings.ToLower(tool)
	if isAboutCommands(low) {
		return false
	}
	for _, w := range [...]string{"shell", "exec", "terminal", "bash", "command", "powershell", "console", "subprocess", "python", "process", "ssh", "eval", "repl", "sandbox", "run_", "_run", "spawn", "tmux", "send_keys", "sendkeys", "iterm", "powercmd", "cmdlet", "jupyter", "notebook", "kernel"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return low == "run" || low == "sh" || low == "cmd" || low == "zsh" || strings.HasPrefix(tool, "run") && len(tool) > 3 && tool[3] >= 'A' && tool[3] <= 'Z'
}

// isAboutCommands reports whether a tool, its name in lower case, talks about commands
// and runs none: it explains, checks or colours them.
func isAboutCommands(low string) bool {
	for _, w := range [...]string{"explain", "describe_", "lint", "shellcheck", "tldr", "classify", "analyze_command", "analyse_command", "highlight", "tokenize", "parse_command", "summarize", "translate_", "review_command", "is_safe", "suggest", "man_page", "manpage", "quiz", "flashcard", "cheatsheet", "cheat_sheet", "howto", "how_to"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// toolPrograms are programs that tools are named after, so that an argument is the
// rest of the program's command line.
var toolPrograms = map[string]string{
	"kubectl": "kubectl", "kubernetes": "kubectl", "k8s": "kubectl", "oc": "oc", "helm": "helm", "docker": "docker", "podman": "podman", "aws": "aws", "gcloud": "gcloud", "gsutil": "gsutil",
	"az": "az", "azure": "az", "terraform": "terraform", "tofu": "tofu", "pulumi": "pulumi", "git": "git", "gh": "gh", "redis": "redis-cli", "npm": "npm", "pip": "pip", "ansible": "ansible",
	"vault": "vault", "heroku": "heroku", "systemctl": "systemctl", "curl": "curl", "ssh": "ssh", "psql": "psql", "etcdctl": "etcdctl", "consul": "consul", "mongosh": "mongosh", "rclone": "rclone",
	"wget": "wget", "nmap": "nmap", "ffmpeg": "ffmpeg", "cargo": "cargo", "doctl": "doctl", "wrangler": "wrangler", "firebase": "firebase", "flyctl": "flyctl", "openssl": "openssl", "find": "find", "rsync": "rsync", "tar": "tar",
}

// programOfTool returns the program that a tool is named after, "" if none.
func programOfTool(tool string) string {
	for word := range strings.FieldsFuncSeq(tool, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == '/' || r == ':' }) {
		if p, ok := toolPrograms[strings.ToLower(word)]; ok {
			return p
		}
	}
	return ""
}

// subcommandOfTool returns what a tool is named after beside the program: "delete" of
// kubectl_delete, "" if nothing.
func subcommandOfTool(tool, program string) string {
	sub, found := "", false
	for word := range strings.FieldsFuncSeq(tool, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == '/' || r == ':' }) {
		switch low := strings.ToLower(word); {
		case toolPrograms[low] == program:
			found = true
		case found && sub == "" && low != "command" && low != "cmd" && low != "cli" && low != "run" && low != "execute" && low != "exec" && low != "call" && low != "api":
			sub = low
		}
	}
	return sub
}

// isResolver reports whether a tool looks names up.
func isResolver(tool string) bool {
	low := strings.ToLower(tool)
	return strings.Contains(low, "dns") || strings.Contains(low, "resolve_") || strings.Contains(low, "nslookup") || low == "resolve" || low == "dig"
}

// isTypist reports whether a tool's name says that it presses keys for whatever
// window has them.
func isTypist(tool string) bool {
	switch foldName(tool) {
	case "typetext", "keyboardtype", "typekeys", "sendinput", "inputtext", "desktoptype", "keyboardinput", "typestring", "presskeys", "computertype", "setclipboard", "writeclipboard", "copytoclipboard", "clipboardset", "clipboardwrite", "pastetext":
		return true
	}
	return false
}

// isWebSearch reports whether a tool's name says that it looks for pages, issues or
// documents by words.
func isWebSearch(tool string) bool {
	low := strings.ToLower(tool)
	return strings.Contains(low, "search") && holdsOne(low, []string{"web", "brave", "google", "bing", "duckduckgo", "ddg", "tavily", "exa", "perplexity", "kagi", "serp", "searx", "internet", "news", "scholar", "arxiv", "wiki", "stack", "docs", "documentation", "reddit", "youtube", "issues", "npm_search", "hackernews"}) ||
		low == "search" || strings.Contains(low, "tavily") || strings.Contains(low, "perplexity") || strings.Contains(low, "context7")
}

// isGlobTool reports whether a tool finds or deletes files by a pattern of names.
func isGlobTool(tool string) bool {
	low := strings.ToLower(tool)
	return strings.Contains(low, "glob") || strings.Contains(low, "find_file") || strings.Contains(low, "delete") || strings.Contains(low, "remove")
}

// isWriterTool reports whether a tool's name says that it changes files.
func isWriterTool(tool string) bool {
	low := strings.ToLower(tool)
	for _, w := range [...]string{"write", "edit", "create", "append", "save", "move", "copy", "put", "upload", "replace", "insert", "apply", "patch", "rename", "modify", "update", "store", "download", "symlink", "link", "push_file", "commit_file", "set_", "add_", "extract", "touch", "delete", "remove"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// foldName lower-cases a member's name and drops what separates its words.
func foldName(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 'a' || c > 'z' {
			return strings.Map(func(r rune) rune {
				switch {
				case 'A' <= r && r <= 'Z':
					return r + 32
				case r == '_' || r == '-' || r == ' ' || r == '.' || r == '$':
					return -1
				}
				return r
			}, s)
		}
	}
	return s
}
