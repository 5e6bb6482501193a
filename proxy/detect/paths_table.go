package detect

// A placeRule says that paths of a form are sensitive. The form is made of
// segments, lower case, matched anywhere in a path, at its end; with a leading
// slash from the root or a drive, with a trailing one everything below as well.
// "*" stands for any run of characters within a segment.
type placeRule struct {
	kind  string
	score Score
	form  string
}

// sensitivePlaces lists the places by kind. Sources: the vendors' documentation of
// where their tools keep credentials, the FHS, Apple's File System Programming
// Guide, Microsoft's Known Folders.
var sensitivePlaces = []placeRule{
	// ssh-key: OpenSSH's and PuTTY's keys and configuration.
	{"ssh-key", High, ".ssh/"},
	{"ssh-key", High, "id_rsa"}, {"ssh-key", High, "id_dsa"}, {"ssh-key", High, "id_ecdsa"}, {"ssh-key", High, "id_ed25519"},
	{"ssh-key", High, "id_ecdsa_sk"}, {"ssh-key", High, "id_ed25519_sk"},
	{"credential-file", Medium, "krb5cc_*"}, {"credential-file", High, "krb5.keytab"}, {"ssh-key", High, "ssh_host_*_key"}, {"ssh-key", High, "*.ppk"}, {"ssh-key", High, "authorized_keys"},
	{"ssh-key", Medium, "/etc/ssh/"},
	// gnupg
	{"gnupg", High, ".gnupg/"}, {"gnupg", High, "secring.gpg"}, {"gnupg", High, "private-keys-v1.d/"},
	{"gnupg", High, "appdata/roaming/gnupg/"},
	// cloud-credentials
	{"cloud-credentials", High, ".aws/credentials"}, {"cloud-credentials", High, ".aws/sso/"}, {"cloud-credentials", High, ".aws/cli/cache/"},
	{"cloud-credentials", Medium, ".aws/config"}, {"cloud-credentials", Medium, ".aws"},
	{"cloud-credentials", High, ".azure/"}, {"cloud-credentials", High, ".config/gcloud/"}, {"cloud-credentials", High, "appdata/roaming/gcloud/"},
	{"cloud-credentials", High, "application_default_credentials.json"}, {"cloud-credentials", High, ".boto"},
	{"cloud-credentials", High, ".oci/"}, {"cloud-credentials", High, ".aliyun/config.json"}, {"cloud-credentials", High, ".bluemix/config.json"},
	{"cloud-credentials", High, ".config/doctl/config.yaml"}, {"cloud-credentials", High, ".config/hcloud/cli.toml"},
	{"cloud-credentials", High, ".s3cfg"}, {"cloud-credentials", High, ".config/rclone/rclone.conf"}, {"cloud-credentials", High, "rclone.conf"},
	{"cloud-credentials", High, ".config/gh/hosts.yml"}, {"cloud-credentials", High, ".config/hub"}, {"cloud-credentials", High, ".config/glab-cli/config.yml"},
	{"cloud-credentials", High, ".vault-token"}, {"cloud-credentials", High, ".terraform.d/credentials.tfrc.json"}, {"cloud-credentials", High, ".terraformrc"},
	{"cloud-credentials", High, ".fly/config.yml"}, {"cloud-credentials", High, ".config/configstore/firebase-tools.json"},
	{"cloud-credentials", High, ".netlify/config.json"}, {"cloud-credentials", High, ".vercel/auth.json"}, {"cloud-credentials", High, ".pulumi/credentials.json"},
	{"cloud-credentials", High, ".config/op/"}, {"cloud-credentials", High, ".snowsql/config"}, {"cloud-credentials", High, ".databrickscfg"},
	{"cloud-credentials", High, "/var/lib/cloud/"}, {"cloud-credentials", High, ".edgerc"}, {"cloud-credentials", High, ".heroku/"},
	{"password-store", High, "microsoft/crypto/"}, {"password-store", High, "microsoft/systemcertificates/"}, {"credential-file", High, "vault/data/core/"}, {"credential-file", High, "config/.storage/auth"}, {"credential-file", High, ".storage/auth"}, {"credential-file", High, ".storage/core.config_entries"}, {"credential-file", High, ".n8n/config"},
	{"credential-file", High, "jenkins_home/secrets/"}, {"credential-file", High, "hudson.util.secret"}, {"credential-file", High, "gitlab-secrets.json"}, {"credential-file", High, "var/opt/gitlab/gitlab-rails/etc/secrets.yml"},
	// kube-config
	{"kube-config", High, ".kube/"}, {"kube-config", High, "kubeconfig"}, {"kube-config", High, "*.kubeconfig"},
	{"kube-config", High, "/etc/kubernetes/"}, {"kube-config", High, "/var/run/secrets/kubernetes.io/"}, {"kube-config", High, "/run/secrets/kubernetes.io/"},
	{"kube-config", High, "/var/lib/kubelet/"}, {"kube-config", High, "/etc/rancher/"},
	// docker-config
	{"docker-config", High, ".docker/config.json"}, {"docker-config", High, ".dockercfg"}, {"docker-config", High, ".config/containers/auth.json"},
	{"docker-config", High, "/var/run/docker.sock"}, {"docker-config", High, "/run/docker.sock"}, {"docker-config", High, "/run/containerd/containerd.sock"},
	{"docker-config", High, "/var/lib/docker/"}, {"docker-config", High, "/run/secrets/"},
	// package-credentials
	{"package-credentials", Medium, ".npmrc"}, {"package-credentials", High, ".pypirc"}, {"package-credentials", High, ".netrc"}, {"package-credentials", High, "_netrc"},
	{"package-credentials", High, ".git-credentials"}, {"package-credentials", High, ".config/git/credentials"}, {"package-credentials", High, ".gem/credentials"},
	{"package-credentials", High, ".cargo/credentials"}, {"package-credentials", High, ".cargo/credentials.toml"}, {"package-credentials", Medium, ".yarnrc.yml"},
	{"package-credentials", High, ".composer/auth.json"}, {"package-credentials", High, ".config/composer/auth.json"}, {"package-credentials", High, ".nuget/nuget.config"},
	{"package-credentials", High, ".m2/settings.xml"}, {"package-credentials", High, ".m2/settings-security.xml"}, {"package-credentials", High, ".gradle/gradle.properties"},
	{"package-credentials", High, ".bundle/config"}, {"package-credentials", High, ".hex/hex.config"}, {"package-credentials", High, ".config/pypoetry/auth.toml"},
	{"package-credentials", High, ".pgpass"}, {"package-credentials", High, ".my.cnf"}, {"package-credentials", High, ".mylogin.cnf"}, {"package-credentials", High, "pgpass.conf"},
	{"package-credentials", High, ".cache/huggingface/token"}, {"package-credentials", High, ".huggingface/token"}, {"package-credentials", High, ".kaggle/kaggle.json"},
	{"package-credentials", Medium, ".htpasswd"},
	// shell-history
	{"shell-history", High, ".bash_history"}, {"shell-history", High, ".zsh_history"}, {"shell-history", High, ".zhistory"}, {"shell-history", High, ".histfile"},
	{"shell-history", High, ".sh_history"}, {"shell-history", High, ".ash_history"}, {"shell-history", High, "fish_history"}, {"shell-history", High, "consolehost_history.txt"},
	{"shell-history", High, ".python_history"}, {"shell-history", High, ".node_repl_history"}, {"shell-history", High, ".mysql_history"}, {"shell-history", High, ".psql_history"},
	{"shell-history", High, ".sqlite_history"}, {"shell-history", High, ".rediscli_history"}, {"shell-history", High, ".dbshell"}, {"shell-history", High, ".irb_history"},
	{"shell-history", Medium, ".lesshst"}, {"shell-history", Medium, ".viminfo"},
	// browser-profile
	{"browser-profile", High, "login data"}, {"browser-profile", High, "login data for account"}, {"browser-profile", High, "web data"}, {"browser-profile", High, "local state"},
	{"browser-profile", High, "cookies.sqlite"}, {"browser-profile", High, "logins.json"}, {"browser-profile", High, "key4.db"}, {"browser-profile", High, "key3.db"},
	{"browser-profile", High, "places.sqlite"}, {"browser-profile", High, "cookies.binarycookies"}, {"browser-profile", High, "network/cookies"}, {"browser-profile", High, "default/cookies"},
	{"browser-profile", High, "google-chrome/"}, {"browser-profile", High, ".config/chromium/"}, {"browser-profile", High, "bravesoftware/"}, {"browser-profile", High, ".mozilla/"},
	{"browser-profile", High, "mozilla/firefox/profiles/"}, {"browser-profile", High, "firefox/profiles/"}, {"browser-profile", High, "google/chrome/user data/"},
	{"browser-profile", High, "application support/google/chrome/"}, {"browser-profile", High, "microsoft/edge/user data/"}, {"browser-profile", High, "library/safari/"},
	{"browser-profile", High, "library/cookies/"}, {"browser-profile", High, ".config/microsoft-edge/"}, {"browser-profile", High, "opera software/"},
	// password-store
	{"password-store", High, "*.kdbx"}, {"password-store", High, "*.kdb"}, {"password-store", High, "*.keychain"}, {"password-store", High, "*.keychain-db"}, {"password-store", High, "*.1pif"},
	{"password-store", High, "*.agilekeychain"}, {"password-store", High, "*.opvault"}, {"password-store", High, "library/keychains/"}, {"password-store", High, ".password-store/"},
	{"password-store", High, ".local/share/keyrings/"}, {"password-store", High, ".gnome2/keyrings/"}, {"password-store", High, "kwalletd/"}, {"password-store", High, "*.kwl"},
	{"password-store", High, "bitwarden/data.json"}, {"password-store", High, "bitwarden cli/"}, {"password-store", High, ".config/bitwarden/"}, {"password-store", High, "1password/"},
	{"password-store", High, "microsoft/credentials/"}, {"password-store", High, "microsoft/protect/"}, {"password-store", High, "microsoft/vault/"}, {"password-store", High, "*.psafe3"},
	{"password-store", High, ".lastpass/"}, {"password-store", High, ".local/share/lpass/"},
	// crypto-wallet
	{"crypto-wallet", High, "wallet.dat"}, {"crypto-wallet", High, ".bitcoin/"}, {"crypto-wallet", High, ".ethereum/"}, {"crypto-wallet", High, ".electrum/"}, {"crypto-wallet", High, "ethereum/keystore/"},
	{"crypto-wallet", High, ".litecoin/"}, {"crypto-wallet", High, ".monero/"}, {"crypto-wallet", High, ".config/solana/"}, {"crypto-wallet", High, "exodus.wallet/"},
	{"crypto-wallet", High, "nkbihfbeogaeaoehlefnkodbefgpgknn/"}, {"crypto-wallet", High, "electrum/wallets/"}, {"crypto-wallet", High, "ledger live/"}, {"crypto-wallet", Medium, "utc--*"},
	// system-credentials
	{"system-credentials", High, "/etc/shadow"}, {"system-credentials", High, "/etc/shadow-"}, {"system-credentials", High, "/etc/gshadow"}, {"system-credentials", High, "/etc/gshadow-"},
	{"system-credentials", Medium, "/etc/passwd"}, {"system-credentials", Medium, "/etc/passwd-"}, {"system-credentials", Medium, "/etc/group"},
	{"system-credentials", High, "/etc/sudoers"}, {"system-credentials", High, "/etc/sudoers.d/"}, {"system-credentials", High, "/etc/master.passwd"},
	{"system-credentials", High, "/etc/security/opasswd"}, {"system-credentials", High, "/etc/krb5.keytab"}, {"system-credentials", High, "*.keytab"}, {"system-credentials", High, "/etc/ssl/private/"},
	{"system-credentials", High, "/etc/ppp/"}, {"system-credentials", High, "/etc/wireguard/"}, {"system-credentials", High, "/etc/openvpn/"}, {"system-credentials", High, "/etc/letsencrypt/"},
	{"system-credentials", High, "networkmanager/system-connections/"}, {"system-credentials", High, "wpa_supplicant.conf"}, {"system-credentials", High, "/etc/pam.d/"},
	{"system-credentials", High, "/windows/system32/config/"}, {"system-credentials", High, "/windows/repair/"}, {"system-credentials", High, "ntds.dit"}, {"system-credentials", High, "config/regback/"},
	{"system-credentials", High, "unattend.xml"}, {"system-credentials", High, "sysprep.xml"}, {"system-credentials", High, "/private/var/db/dslocal/"}, {"system-credentials", High, "/var/db/dslocal/"},
	{"system-credentials", Low, "/var/log/auth.log"}, {"system-credentials", Low, "/var/log/secure"}, {"system-credentials", Medium, "/var/log/audit/"},
	{"system-credentials", Medium, "/var/spool/cron/"}, {"system-credentials", Medium, "/var/lib/mysql/"}, {"system-credentials", Medium, "/var/lib/postgresql/"},
	{"system-credentials", Medium, "/windows/win.ini"}, {"system-credentials", Medium, "/boot.ini"}, {"system-credentials", Medium, "/windows/system32/drivers/etc/"},
	{"system-credentials", High, "ntuser.dat"}, {"system-credentials", High, "usrclass.dat"}, {"system-credentials", High, "/windows/panther/"}, {"system-credentials", High, "groups.xml"}, {"system-credentials", High, "sitelist.xml"},
	{"system-credentials", Medium, "inetpub/wwwroot/web.config"}, {"system-credentials", High, "applicationhost.config"}, {"system-credentials", High, "/etc/mysql/debian.cnf"},
	{"system-credentials", High, "/etc/rndc.key"}, {"system-credentials", High, "/etc/bind/rndc.key"}, {"system-credentials", High, "/etc/security/passwd"}, {"system-credentials", High, "/etc/samba/secrets.tdb"}, {"system-credentials", High, "/var/lib/samba/private/"},
	{"system-credentials", High, "/etc/racoon/"}, {"system-credentials", High, "/etc/ipsec.secrets"}, {"system-credentials", High, "/etc/ipsec.d/private/"}, {"system-credentials", High, "/etc/vsftpd.passwd"}, {"system-credentials", High, "/etc/postfix/sasl_passwd"},
	{"system-credentials", High, "/etc/exim4/passwd.client"}, {"system-credentials", High, "/etc/cups/printers.conf"}, {"system-credentials", High, "/etc/iscsi/iscsid.conf"}, {"system-credentials", High, "/etc/crypttab"}, {"system-credentials", High, "/etc/machine-id.key"},
	{"system-credentials", Medium, "/var/backups/"}, {"system-credentials", High, "shadow.bak"}, {"system-credentials", Low, "/var/log/wtmp"}, {"system-credentials", Low, "/var/log/btmp"}, {"system-credentials", Medium, "/var/lib/sss/"},
	{"system-credentials", High, "com.apple.tcc/tcc.db"}, {"system-credentials", High, "library/messages/chat.db"}, {"system-credentials", High, "library/mail/"}, {"system-credentials", High, "/var/db/shadow/"}, {"system-credentials", High, "/etc/kcpassword"},
	// private-key-file; a certificate alone is no secret, but .pem holds either.
	{"private-key-file", High, "*.pfx"}, {"private-key-file", High, "*.p12"}, {"private-key-file", High, "*.jks"}, {"private-key-file", High, "*.keystore"},
	{"private-key-file", Medium, "*.pem"}, {"private-key-file", Medium, "*.key"}, {"private-key-file", High, "*.p8"}, {"private-key-file", High, "privkey.pem"},
	{"private-key-file", High, "*private*.pem"}, {"private-key-file", High, "*private*.key"}, {"private-key-file", High, "*-key.pem"}, {"private-key-file", High, "*_key.pem"},
	{"private-key-file", High, "*.asc/.."}, {"private-key-file", Medium, "*.ovpn"},
	// credential-file: files whose name says that they hold credentials.
	{"credential-file", Medium, "credentials.json"}, {"credential-file", Medium, "credentials.yml"}, {"credential-file", Medium, "credentials.yaml"}, {"credential-file", Medium, "credentials.xml"},
	{"credential-file", Medium, "credentials.yml.enc"}, {"credential-file", Medium, "credentials"}, {"credential-file", Medium, "credentials.txt"}, {"credential-file", Medium, "credentials.csv"},
	{"credential-file", Medium, "client_secret*.json"}, {"credential-file", Medium, "service-account*.json"}, {"credential-file", Medium, "service_account*.json"}, {"credential-file", Medium, "serviceaccount*.json"},
	{"credential-file", Medium, "secrets.json"}, {"credential-file", Medium, "secrets.yml"}, {"credential-file", Medium, "secrets.yaml"}, {"credential-file", Medium, "secrets.toml"}, {"credential-file", Medium, "secrets.txt"},
	{"credential-file", Medium, "secret.txt"}, {"credential-file", Medium, "tokens.txt"}, {"credential-file", Medium, "token.txt"}, {"credential-file", Medium, "passwords.txt"}, {"credential-file", Medium, "password.txt"},
	{"credential-file", Medium, "passwords.csv"}, {"credential-file", Medium, "api_keys.txt"}, {"credential-file", Medium, "apikeys.txt"}, {"credential-file", Medium, "api_keys.json"}, {"credential-file", Medium, "config/master.key"},
	{"credential-file", Medium, "wp-config.php"}, {"credential-file", Medium, ".pgpass.conf"}, {"credential-file", Medium, "vault_pass*"}, {"credential-file", Medium, ".vault_pass*"},
	{"credential-file", High, "*adminsdk*.json"}, {"credential-file", Medium, "google-credentials.json"}, {"credential-file", Medium, "gcp-credentials.json"}, {"credential-file", Medium, "gcloud-service-key.json"}, {"credential-file", Medium, "appsettings.production.json"},
	{"credential-file", Medium, "local.settings.json"}, {"credential-file", Medium, "secrets.env"}, {"credential-file", Medium, "keys.json"}, {"credential-file", Medium, "passwords.json"}, {"credential-file", Medium, "passwd.txt"}, {"credential-file", Medium, "passwords.xlsx"},
	{"credential-file", High, "sitemanager.xml"}, {"credential-file", High, "recentservers.xml"}, {"credential-file", High, ".subversion/auth/"}, {"credential-file", High, "*.remmina"}, {"credential-file", High, "*.rdg"}, {"credential-file", High, "confcons.xml"}, {"credential-file", High, "winscp.ini"},
	{"credential-file", High, ".config/heroku/"}, {"credential-file", High, "globalstorage/state.vscdb"}, {"credential-file", High, ".config/slack/"}, {"credential-file", High, "application support/slack/"}, {"credential-file", High, "discord/local storage/"}, {"credential-file", High, "application support/signal/"},
	{"credential-file", High, ".config/signal/"}, {"credential-file", High, "telegram desktop/tdata/"}, {"credential-file", High, ".thunderbird/"}, {"credential-file", High, ".ipython/profile_default/history.sqlite"}, {"credential-file", High, ".jupyter/jupyter_server_config.json"}, {"credential-file", High, ".config/teams/"},
	{"credential-file", High, "/opt/secrets/"}, {"credential-file", High, "/etc/secrets/"}, {"credential-file", High, "/vault/secrets/"}, {"credential-file", High, "/mnt/secrets/"}, {"credential-file", High, "/mnt/secrets-store/"}, {"credential-file", High, "/secrets/"}, {"credential-file", High, "/var/secrets/"},
	{"credential-file", High, ".config/filezilla/"}, {"credential-file", Medium, ".config/sops/age/"}, {"credential-file", High, "sops/age/keys.txt"}, {"credential-file", High, ".config/stripe/config.toml"}, {"credential-file", High, ".config/ngrok/ngrok.yml"}, {"credential-file", High, ".ngrok2/ngrok.yml"}, {"credential-file", High, ".cloudflared/"},
	{"credential-file", High, ".config/doppler/"}, {"credential-file", High, ".doppler/"}, {"credential-file", High, ".supabase/access-token"}, {"credential-file", High, ".config/turso/"}, {"credential-file", High, ".config/sentry/"}, {"credential-file", Medium, ".sentryclirc"}, {"credential-file", High, ".wrangler/config/default.toml"},
	{"credential-file", Medium, "prod*.tfvars"}, {"credential-file", Medium, "secret*.tfvars"}, {"credential-file", Medium, "*secrets.tfvars"},
	// process-environ
	{"process-environ", High, "/proc/*/environ"}, {"process-environ", High, "/proc/*/mem"}, {"process-environ", High, "/proc/*/maps"}, {"process-environ", Medium, "/proc/*/cmdline"},
	{"process-environ", High, "/proc/*/fd/"}, {"process-environ", High, "/proc/*/task/*/environ"}, {"process-environ", High, "/proc/kcore"}, {"process-environ", Medium, "/proc/sched_debug"},
	{"process-environ", High, "/proc/kmem"}, {"process-environ", Medium, "/proc/*/cwd/"}, {"process-environ", Medium, "/proc/*/root/"}, {"process-environ", Medium, "/proc/net/"},
	// device-file
	{"device-file", High, "/dev/mem"}, {"device-file", High, "/dev/kmem"}, {"device-file", High, "/dev/sd*"}, {"device-file", High, "/dev/hd*"}, {"device-file", High, "/dev/nvme*"}, {"device-file", High, "/dev/vd*"},
	{"device-file", High, "/dev/xvd*"}, {"device-file", High, "/dev/disk*"}, {"device-file", High, "/dev/rdisk*"}, {"device-file", High, "/dev/mapper/"}, {"device-file", High, "/dev/dm-*"}, {"device-file", High, "/dev/mmcblk*"},
	{"device-file", Medium, "/dev/port"}, {"device-file", Medium, "/dev/input/"}, {"device-file", Medium, "/dev/zero"}, {"device-file", Medium, "/dev/random"}, {"device-file", Medium, "/dev/urandom"},
	{"device-file", High, "physicaldrive*"}, {"device-file", Medium, "/dev/loop*"}, {"device-file", High, "/dev/tcp/"}, {"device-file", High, "/dev/udp/"},
	// ai-client-config: what MCP and AI clients start, and their tokens.
	{"ai-client-config", High, ".claude.json"}, {"ai-client-config", High, ".claude/.credentials.json"}, {"ai-client-config", High, "claude_desktop_config.json"}, {"ai-client-config", High, ".cursor/mcp.json"},
	{"ai-client-config", Medium, ".mcp.json"}, {"ai-client-config", Medium, ".vscode/mcp.json"}, {"ai-client-config", Medium, ".claude/settings.json"}, {"ai-client-config", Medium, ".claude/settings.local.json"},
	{"ai-client-config", High, ".codeium/windsurf/mcp_config.json"}, {"ai-client-config", High, "mcp_config.json"}, {"ai-client-config", High, "cline_mcp_settings.json"}, {"ai-client-config", High, ".codex/auth.json"},
	{"ai-client-config", Medium, ".codex/config.toml"}, {"ai-client-config", High, ".gemini/oauth_creds.json"}, {"ai-client-config", Medium, ".gemini/settings.json"}, {"ai-client-config", High, ".config/github-copilot/"},
	{"ai-client-config", High, ".continue/config.json"}, {"ai-client-config", High, ".config/goose/config.yaml"}, {"ai-client-config", High, ".mcp-auth/"},
	{"ai-client-config", High, ".config/anthropic/"}, {"ai-client-config", High, ".anthropic/"}, {"ai-client-config", High, ".config/openai/"}, {"ai-client-config", High, ".openai/"}, {"ai-client-config", Medium, ".aider.conf.yml"}, {"ai-client-config", High, ".claude/mcp.json"},
	{"ai-client-config", High, ".config/io.datasette.llm/keys.json"}, {"ai-client-config", High, ".cline/"}, {"ai-client-config", High, ".roo/mcp.json"}, {"ai-client-config", High, ".kiro/settings/mcp.json"}, {"ai-client-config", High, ".amazonq/mcp.json"}, {"ai-client-config", High, ".aws/amazonq/mcp.json"},
	{"ai-client-config", Medium, ".zed/settings.json"}, {"ai-client-config", High, ".lmstudio/mcp.json"}, {"ai-client-config", High, "opencode/auth.json"}, {"ai-client-config", High, ".qwen/oauth_creds.json"},
	// iac-state
	{"iac-state", Medium, "terraform.tfstate"}, {"iac-state", Medium, "*.tfstate"}, {"iac-state", Medium, "*.tfstate.backup"}, {"iac-state", Medium, "terraform.tfvars"}, {"iac-state", Medium, "*.auto.tfvars"},
}

// runLaterPlaces are places whose content is run later by someone else than the
// writer: findings of kind run-later-write, for writers only.
var runLaterPlaces = []placeRule{
	{"", High, "/etc/crontab"}, {"", High, "/etc/cron.d/"}, {"", High, "/etc/cron.daily/"}, {"", High, "/etc/cron.hourly/"}, {"", High, "/etc/cron.weekly/"}, {"", High, "/etc/cron.monthly/"},
	{"", High, "/var/spool/cron/"}, {"", High, "/etc/anacrontab"}, {"", High, "/etc/at.allow"},
	{"", High, ".bashrc"}, {"", High, ".bash_profile"}, {"", High, ".bash_login"}, {"", High, ".bash_logout"}, {"", High, ".bash_aliases"}, {"", High, ".profile"}, {"", High, ".zshrc"}, {"", High, ".zshenv"},
	{"", High, ".zprofile"}, {"", High, ".zlogin"}, {"", High, ".kshrc"}, {"", High, ".cshrc"}, {"", High, ".tcshrc"}, {"", High, "config.fish"}, {"", High, ".config/fish/conf.d/"}, {"", High, ".inputrc"},
	{"", High, "/etc/profile"}, {"", High, "/etc/profile.d/"}, {"", High, "/etc/bash.bashrc"}, {"", High, "/etc/bashrc"}, {"", High, "/etc/zsh/"}, {"", High, "/etc/zshrc"}, {"", High, "/etc/environment"},
	{"", High, ".xinitrc"}, {"", High, ".xprofile"}, {"", High, ".xsession"}, {"", High, ".pam_environment"}, {"", High, ".ssh/authorized_keys"}, {"", High, ".ssh/rc"}, {"", High, ".ssh/config"},
	{"", High, "/etc/systemd/"}, {"", High, "/lib/systemd/system/"}, {"", High, "/usr/lib/systemd/"}, {"", High, "/run/systemd/"}, {"", High, ".config/systemd/user/"}, {"", High, ".local/share/systemd/user/"},
	{"", High, "/etc/init.d/"}, {"", High, "/etc/rc.local"}, {"", High, "/etc/rc.d/"}, {"", High, "/etc/inittab"}, {"", High, "/etc/init/"}, {"", High, ".config/autostart/"}, {"", High, "/etc/xdg/autostart/"},
	{"", High, ".config/autostart-scripts/"}, {"", High, ".git/hooks/"}, {"", High, ".git/config"}, {"", Medium, ".gitconfig"}, {"", Medium, ".config/git/config"}, {"", Medium, ".husky/"}, {"", High, "hooks/pre-commit"},
	{"", High, "hooks/post-checkout"}, {"", High, "hooks/post-merge"}, {"", High, "library/launchagents/"}, {"", High, "library/launchdaemons/"}, {"", High, "/library/startupitems/"}, {"", High, "start menu/programs/startup/"},
	{"", High, "/etc/ld.so.preload"}, {"", High, "/etc/ld.so.conf.d/"}, {"", High, "sitecustomize.py"}, {"", High, "usercustomize.py"}, {"", High, "site-packages/*.pth"}, {"", High, "/etc/udev/rules.d/"},
	{"", High, "/etc/apt/apt.conf.d/"}, {"", High, "/etc/logrotate.d/"}, {"", High, "/etc/update-motd.d/"}, {"", High, "/etc/networkmanager/dispatcher.d/"}, {"", High, "/etc/modules-load.d/"}, {"", High, "/etc/modprobe.d/"},
	{"", High, "microsoft.powershell_profile.ps1"}, {"", High, "windowspowershell/profile.ps1"}, {"", High, "powershell/profile.ps1"}, {"", High, "/windows/system32/tasks/"}, {"", High, "/windows/tasks/"},
	{"", High, "/windows/system32/grouppolicy/"}, {"", High, "/windows/system32/drivers/etc/"}, {"", Medium, ".vscode/tasks.json"}, {"", Medium, ".envrc"}, {"", Medium, ".claude/settings.json"}, {"", Medium, ".claude/settings.local.json"},
	{"", Medium, ".vimrc"}, {"", Medium, ".config/nvim/init.*"}, {"", Medium, ".emacs"}, {"", Medium, ".emacs.d/init.el"}, {"", Medium, ".tmux.conf"}, {"", Medium, ".gdbinit"}, {"", Medium, ".pythonrc"}, {"", Medium, ".irbrc"},
	{"", High, "/usr/bin/"}, {"", High, "/bin/"}, {"", High, "/sbin/"}, {"", High, "/usr/sbin/"}, {"", High, "/usr/local/bin/"}, {"", High, "/windows/system32/"}, {"", Medium, ".local/bin/"},
	{"", High, "/proc/sys/"}, {"", High, "/proc/sysrq-trigger"}, {"", High, "/sys/"}, {"", High, "/etc/hosts"}, {"", High, "/etc/resolv.conf"}, {"", High, "/etc/nsswitch.conf"}, {"", High, "/etc/fstab"}, {"", High, "/etc/security/"}, {"", High, "/etc/selinux/"}, {"", High, "/etc/apparmor.d/"}, {"", High, "/etc/audit/"},
	{"", High, "/etc/pam.d/"}, {"", High, "/etc/ssh/"}, {"", High, "/etc/sudoers"}, {"", High, "/etc/sudoers.d/"}, {"", High, "/etc/passwd"}, {"", High, "/etc/shadow"}, {"", High, "/etc/group"}, {"", High, "/usr/local/sbin/"}, {"", High, "/usr/lib/"}, {"", High, "/lib/"}, {"", High, "/lib64/"}, {"", High, "/boot/"},
	{"", Medium, ".config/pip/pip.conf"}, {"", Medium, ".pip/pip.conf"}, {"", Medium, "/etc/pip.conf"}, {"", Medium, ".cargo/config.toml"}, {"", Medium, ".cargo/config"}, {"", Medium, ".condarc"}, {"", Medium, ".config/environment.d/"}, {"", Medium, ".local/share/applications/"}, {"", Medium, ".config/direnv/direnvrc"},
	{"", High, ".bazelrc"}, {"", High, "/etc/binfmt.d/"}, {"", High, "/etc/polkit-1/"}, {"", High, "/usr/share/polkit-1/"}, {"", High, "/etc/dbus-1/"}, {"", High, "/usr/share/dbus-1/"}, {"", High, "/etc/apt/sources.list"}, {"", High, "/etc/apt/sources.list.d/"}, {"", High, "/etc/yum.repos.d/"}, {"", High, "/etc/docker/daemon.json"},
	{"", Medium, ".screenrc"}, {"", Medium, ".wgetrc"}, {"", Medium, ".curlrc"}, {"", Medium, ".psqlrc"}, {"", Medium, ".sqliterc"}, {"", Medium, ".ghci"}, {"", Medium, ".rprofile"}, {"", Medium, ".ipython/profile_default/startup/"}, {"", Medium, ".jupyter/jupyter_notebook_config.py"}, {"", Medium, ".kube/kuberc"},
	{"", High, "hooks/post-commit"}, {"", High, "hooks/pre-push"}, {"", High, "hooks/pre-receive"}, {"", High, "hooks/post-receive"}, {"", High, "hooks/prepare-commit-msg"}, {"", High, ".githooks/pre-commit"}, {"", High, "/library/scripts/"}, {"", High, "library/application scripts/"}, {"", High, "library/loginhook"},
	{"", High, ".claude/hooks/"}, {"", High, ".cursor/hooks.json"}, {"", High, ".kiro/hooks/"}, {"", Medium, ".cursor/environment.json"}, {"", Medium, ".devcontainer/devcontainer.json"}, {"", Medium, ".idea/runconfigurations/"},
}
