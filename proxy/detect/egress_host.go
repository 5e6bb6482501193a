package detect

import (
	"net/netip"
	"strings"
)

// addressKind returns the kind of an address that calls have no business with, ""
// for a public one. Sources: IANA's special-purpose registries; the vendors'
// pages on instance metadata.
func addressKind(a netip.Addr) (kind string, score Score) {
	if in := embeddedIPv4(a); in.IsValid() {
		a = in
	}
	for _, m := range metadataAddresses {
		if a == m {
			return "metadata-address", High
		}
	}
	switch {
	case a.IsLoopback(), a.IsUnspecified(), a.Is4() && a.As4()[0] == 0:
		return "loopback-address", Medium
	case a.IsLinkLocalUnicast(), a.IsLinkLocalMulticast():
		return "link-local-address", High
	case a.IsPrivate(), siteLocal.Contains(a):
		return "private-address", Medium
	case cgnat.Contains(a):
		return "cgnat-address", Medium
	case benchmarking.Contains(a), a.Is4() && a.As4()[0] == 192 && a.As4()[1] == 0 && a.As4()[2] == 0:
		return "private-address", Medium
	case a.IsMulticast(), a.Is4() && a.As4()[0] >= 240:
		return "private-address", Medium
	}
	return "", NoScore
}

var (
	cgnat        = netip.MustParsePrefix("100.64.0.0/10")
	siteLocal    = netip.MustParsePrefix("fec0::/10")
	benchmarking = netip.MustParsePrefix("198.18.0.0/15")
	// metadataAddresses: AWS, GCP, Azure, DigitalOcean, OpenStack and others; ECS and
	// EKS credentials; Alibaba; Oracle's old one; Azure's wire server.
	metadataAddresses = []netip.Addr{
		netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("169.254.170.2"), netip.MustParseAddr("169.254.170.23"), netip.MustParseAddr("169.254.169.253"),
		netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd00:ec2::23"), netip.MustParseAddr("fd20:ce::254"), netip.MustParseAddr("100.100.100.200"),
		netip.MustParseAddr("192.0.0.192"), netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("fe80::a9fe:a9fe"),
	}
)

// metadataNames are the names of metadata services.
var metadataNames = set("metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal", "metadata.azure.com", "metadata.azure.internal", "metadata.tencentyun.com", "metadata.platformequinix.com", "metadata.packet.net", "metadata.oraclecloud.com", "metadata.internal", "rancher-metadata", "rancher-metadata.rancher.internal")

// hostKind judges a host that is a name.
func hostKind(host string) (kind string, score Score) {
	switch {
	case metadataNames[host]:
		return "metadata-address", High
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "localhost.localdomain" || host == "ip6-localhost" || host == "ip6-loopback":
		return "loopback-address", Medium
	case host == "host.docker.internal" || host == "gateway.docker.internal" || host == "host.containers.internal" || host == "kubernetes.docker.internal":
		return "private-address", Medium
	case host == "kubernetes.default.svc" || strings.HasPrefix(host, "kubernetes.default"):
		return "private-address", High
	case strings.HasSuffix(host, ".svc.cluster.local") || strings.HasSuffix(host, ".service.consul") || strings.HasSuffix(host, ".pod.cluster.local") || strings.HasSuffix(host, ".ec2.internal") || strings.HasSuffix(host, ".compute.internal") || host == "docker.sock":
		return "internal-name", Medium
	}
	switch domainOf(host) {
	case rebindingDomain:
		return "rebinding-name", High
	case sinkDomain:
		return "paste-or-webhook-sink", High
	case softSinkDomain:
		return "paste-or-webhook-sink", Low
	}
	if shortenerDomains[host] {
		return "shortener", Low
	}
	for _, s := range [...]string{".internal", ".local", ".lan", ".intranet", ".corp", ".home.arpa", ".localdomain", ".svc.cluster.local", ".consul"} {
		if strings.HasSuffix(host, s) {
			return "internal-name", Low
		}
	}
	return "", NoScore
}

var (
	// rebindingDomains answer with an address that the name itself spells, or with
	// the loopback address.
	rebindingDomains = []string{"nip.io", "sslip.io", "xip.io", "xip.name", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "localho.st", "rbndr.us", "1u.ms", "traefik.me", "ip6.name", "fuf.me", "local.gd", "readme.localtest.me", "backname.io", "rebind.network", "rebind.it", "singularity.me", "burpcollaborator.localtest.me", "spoofed.burpcollaborator.net", "lock.cmpxchg8b.com", "nip.wiki", "xip.lol", "ip.addr.tools", "rbnd.gl0.eu", "lacolhost.me", "localhost.pw", "mail.ebc.apple.com", "bugbounty.dod.network", "127-0-0-1.org.uk", "resolver.nu", "nip.lv"}
	// sinkDomains take whatever is sent to them and show it to the sender's choice:
	// request bins, out-of-band testing, anonymous pastes and uploads, tunnels.
	sinkDomains = []string{"webhook.site", "requestbin.com", "requestbin.net", "requestbin.io", "hookbin.com", "hookb.in", "webhook.cool", "webhookrelay.com", "requestrepo.com", "requestbin.cn", "requestbin.fullcontact.com", "webhooks.app", "putsreq.com", "runscope.net", "en.webhook.site", "smee.io", "webhook.observer", "httpdump.app", "beeceptor.io", "mockable.io", "pipedream.net", "beeceptor.com", "requestcatcher.com", "requestinspector.com", "postb.in", "ptsv2.com", "ptsv3.com", "mockbin.org", "mockbin.io", "hookdeck.com", "svix.com", "webhook-test.com", "webhookinbox.com", "typedwebhook.tools", "rbaskets.in", "request-baskets.com",
		"burpcollaborator.net", "oastify.com", "interact.sh", "interactsh.com", "oast.fun", "oast.live", "oast.me", "oast.online", "oast.pro", "oast.site", "dnslog.cn", "ceye.io", "canarytokens.com", "dnsbin.zhack.ca", "bxss.me", "xss.ht", "ezxss.com", "xss.report", "bxss.in", "eyes.sh", "dnslog.pw", "dnslog.org", "callback.red", "tu4.org", "canarytokens.org", "dns.pe", "dnsbin.io", "pingb.in", "dns.outbound.watchtowr.com", "r87.me", "burpcollaborator.com", "blindf.com",
		"pastebin.com", "paste.ee", "hastebin.com", "ghostbin.com", "dpaste.com", "dpaste.org", "termbin.com", "ix.io", "sprunge.us", "0x0.st", "rentry.co", "privatebin.net", "controlc.com", "justpaste.it", "paste.rs", "pastes.dev", "p.ip.fi", "clbin.com", "bpa.st", "paste2.org", "0bin.net", "cl1p.net", "snippet.host", "ghostbin.co", "pastelink.net", "paste.sh", "defuse.ca", "zerobin.net", "nopaste.net", "textbin.net",
		"transfer.sh", "file.io", "anonfiles.com", "gofile.io", "bashupload.com", "temp.sh", "oshi.at", "catbox.moe", "litterbox.catbox.moe", "tmpfiles.org", "filebin.net", "send.vis.ee", "uguu.se", "pixeldrain.com", "x0.at", "envs.sh", "ttm.sh", "keep.sh", "bayfiles.com", "ufile.io", "dropmefiles.com", "sendspace.com", "anonymfile.com", "tempsend.com", "wormhole.app", "gofile.me", "fromsmash.com", "tmp.ninja", "0x45.st", "fileditch.com", "filetransfer.io", "tmpfile.link", "limewire.com", "chunk.io", "upload.ee", "dbree.org",
		"ngrok.io", "ngrok-free.app", "ngrok.app", "ngrok-free.dev", "serveo.net", "localhost.run", "lhr.life", "loca.lt", "localtunnel.me", "trycloudflare.com", "pagekite.me", "bore.pub", "telebit.io", "serveousercontent.com", "pinggy.link", "pinggy.io", "zrok.io", "tunnelmole.com", "tunnelmole.net", "playit.gg", "localxpose.io", "loclx.io", "portmap.io", "telebit.cloud", "tunnelto.dev", "expose.dev", "sharedwithexpose.com", "staqlab-tunnel.com", "srv.us", "btunnel.co.in", "packetriot.net", "remote.moe", "jprq.site", "jprq.live", "tunwg.com", "instatunnel.my"}
	// softSinkDomains have ordinary uses as well.
	softSinkDomains  = []string{"gist.github.com", "hooks.slack.com", "discord.com", "discordapp.com", "api.telegram.org", "httpbin.org", "webhook.office.com", "hooks.zapier.com", "maker.ifttt.com", "formspree.io", "script.google.com", "postman-echo.com"}
	shortenerDomains = set("bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "v.gd", "ow.ly", "buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at", "rb.gy", "t.ly", "tiny.cc", "bl.ink", "lnkd.in", "shorte.st", "adf.ly", "s.id", "dub.sh", "surl.li")
)

// A domainKind is what a domain is known for, the gravest last.
type domainKind uint8

const (
	noDomain domainKind = iota
	softSinkDomain
	sinkDomain
	rebindingDomain
)

// knownDomains are the domains of the lists.
var knownDomains = func() map[string]domainKind {
	m := map[string]domainKind{}
	for _, d := range softSinkDomains {
		m[d] = softSinkDomain
	}
	for _, d := range sinkDomains {
		m[d] = sinkDomain
	}
	for _, d := range rebindingDomains {
		m[d] = rebindingDomain
	}
	return m
}()

// domainOf returns the gravest that a host or a domain above it is known for.
func domainOf(host string) domainKind {
	kind := noDomain
	for d, ok := host, true; ok; _, d, ok = strings.Cut(d, ".") {
		kind = max(kind, knownDomains[d])
	}
	return kind
}

// rawSchemes reach other protocols or local files through a fetcher.
var rawSchemes = map[string]Score{"gopher": High, "dict": High, "ldap": High, "ldaps": High, "tftp": High, "jar": High, "netdoc": High, "phar": High, "expect": High, "php": High, "zip": Medium, "rar": Medium, "ogg": Low,
	"ssh2": High, "compress.zlib": High, "glob": Medium, "file": Medium, "view-source": Medium, "javascript": High, "vbscript": High, "smb": High, "rmi": High, "jndi": High, "iiop": High, "imap": Medium, "pop3": Medium, "smtp": Medium, "telnet": Medium, "netloc": Medium, "chrome": Medium, "about": Low, "local_file": High, "sftp": Low, "ftp": Low}
