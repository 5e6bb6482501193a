package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// withCheckDigit appends Luhn's check digit.
func withCheckDigit(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}

func TestPersonalDataIsGraded(t *testing.T) {
	visa, amex := withCheckDigit("411122223333444"), withCheckDigit("37141234567890")
	for _, tt := range []expectation{
		sure("card number: " + visa),
		sure("pay with " + visa[:4] + " " + visa[4:8] + " " + visa[8:12] + " " + visa[12:]),
		sure("amex " + amex),
		loud("IBAN: DE89 3704 0044 0532 0130 00"),
		loud("transfer to GB82WEST12345698765432."),
		sure("SSN: 536-22-1847"),
		loud("Passport No: X12345678"),
		expectation{"call +49 30 12345678 or write to anna@firma.test", detect.Answer, detect.Low, detect.Low},

		calm("build " + visa),
		calm("card number: " + visa[:15] + string('0'+(visa[15]-'0'+1)%10)),
		calm("DE00 3704 0044 0532 0130 00 and 536-22-1847 and 1234567890123456"),
		calm("v1.2.3 2024-01-15T10:00:00Z 0x1234 3.14159265358979"),
	} {
		tt.run(t, detect.PII)
	}
}

func TestRandomStringsAreGraded(t *testing.T) {
	random := seeded(7)
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
	token := ""
	for range 40 {
		token += string(letters[int(random())%len(letters)])
	}
	for _, tt := range []expectation{
		loud("session token: " + token),
		expectation{"see " + token + " for more", detect.Answer, detect.Low, detect.Low},
		calm("sha512-" + token),
		calm("token: 123e4567-e89b-12d3-a456-426614174000"),
		calm("the key is averylongidentifierwithoutdigits"),
		calm("token = getUserAccountByIdAndName2"),
	} {
		tt.run(t, detect.Entropy)
	}
}

// Numbers that are published for tests pass where something is tested, and nowhere else.
func TestPublishedNumbers(t *testing.T) {
	const visa, amex, ssn = "4242 4242 4242 4242", "378282246310005", "123-45-6789"
	loud := func(kind, tool, name, value string) wants { return finds(arg(tool, name, value), kind, detect.Medium) }
	fine := func(tool, name, value string) wants { return quiet(arg(tool, name, value), detect.Low) }
	for _, tt := range []wants{
		fine("create_or_update_file", "content", "cy.get('[name=card]').type('"+visa+"')"),
		fine("push_files", "content", `{"amex": "`+amex+`"}`),
		fine("run_js", "code", "luhn('"+visa+"')"),
		fine("validate_card", "number", visa),
		fine("regex_test", "input", ssn),
		fine("slack_post_message", "text", "please use the test card "+visa+", any code"),
		fine("add_comment", "body", "Bitte mit der Testkarte "+visa+" bezahlen"),
		loud("card-number", "send_email", "body", "my card is "+visa),
		loud("card-number", "http_post", "data", "card="+amex),
		loud("us-ssn", "send_email", "body", "SSN: "+ssn),
		loud("card-number", "slack_post_message", "text", "test card "+withCheckDigit("453210998877665")),
		loud("us-ssn", "regex_test", "input", "536-22-1847"),
	} {
		tt.run(t, detect.PII)
	}
}
