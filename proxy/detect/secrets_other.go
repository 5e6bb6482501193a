package detect

// otherTokens are of all other services that have a shape of their own.
var otherTokens = []Rule{
	token("adobe-secret", `p8e-[A-Za-z0-9]{32}`, "Adobe OAuth client secret."),
	token("mapbox-secret-token", `sk\.eyJ[\w\-]{60,120}\.[\w\-]{22}`, "Mapbox secret token."),
	token("mapbox-token", `pk\.[a-z0-9]{60}\.[a-z0-9]{22}`, "Mapbox public token in its older form."),
	token("yandex-iam-token", `t1\.[\w\-]{1,300}={0,2}\.[\w\-]{86}={0,2}`, "Yandex Cloud IAM token."),
	token("yandex-api-key", `AQVN[\w\-]{35,38}`, "Yandex Cloud API key."),
	token("yandex-static-key", `YC[AO][\w\-]{36,37}`, "Yandex Cloud static access key.").when(mixed),
	token("vk-token", `vk1\.a\.[\w\-]{80,250}`, "VK access token."),
	token("microsoft-graph-token", `EwB[A-Za-z0-9+/]{200,}={0,2}`, "Microsoft account access token.").when(mixed),
	token("thunderstore-token", `tss_[A-Za-z0-9]{46}`, "Thunderstore API token."),
	token("lichess-token", `lip_[A-Za-z0-9]{20}`, "Lichess API token."),
	token("steam-login-cookie", `7656119\d{10}(?:%7C%7C|\|\|)[A-Za-z0-9_\-.%]{40,}`, "Steam login cookie."),
	token("canva-secret", `cnvca[A-Za-z0-9_\-]{40,60}`, "Canva Connect secret."),
	{Kind: "sidekiq-url", Family: Secrets, Score: High, Group: 1,
		Doc:     "Credentials of Sidekiq Pro's gem server in a URL.",
		Pattern: `(?i)https?://([a-z0-9]{8}:[a-z0-9]{8})@(?:gems|enterprise)\.contribsys\.com`},
}
