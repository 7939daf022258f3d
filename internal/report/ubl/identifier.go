package ubl

import (
	"regexp"
	"strings"
)

// countries are the ISO 3166-1 codes that EN 16931 takes (BR-CL-14).
const countries = "1A AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT " +
	"MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG " +
	"UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW"

// schemes are the Electronic Address Scheme codes that Peppol and EN 16931 both take (BR-CL-25, PEPPOL-EN16931-CL008).
const schemes = "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 " +
	"0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 " +
	"0217 0218 0221 0225 0230 0235 0240 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 " +
	"9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 " +
	"9952 9953 9957 9959"

// currencies are the ISO 4217 codes that both take (BR-CL-04, PEPPOL-EN16931-CL007).
const currencies = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD " +
	"CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP " +
	"GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK " +
	"LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB " +
	"PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP SVC SYP SZL THB TJS " +
	"TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD " +
	"XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG"

// listed says whether a list of words holds the word.
func listed(list, word string) bool {
	return word != "" && !strings.Contains(word, " ") && strings.Contains(" "+list+" ", " "+word+" ")
}

var (
	digitsOnly = regexp.MustCompile(`^[0-9]+$`)
	danish     = regexp.MustCompile(`^(DK)?[0-9]{8}$`)
)

// wellFormed checks numbers of the schemes for which Peppol knows the form; all others pass.
func wellFormed(scheme, id string) bool {
	switch scheme {
	case "0088": // GLN, PEPPOL-COMMON-R040
		return digitsOnly.MatchString(id) && gln(id)
	case "0192": // Norway, R041
		return len(id) == 9 && digitsOnly.MatchString(id) && norwegian(id)
	case "0184": // Denmark, R042
		return danish.MatchString(id)
	case "0208": // Belgium, R043
		return len(id) == 10 && digitsOnly.MatchString(id) && (97-number(id[:8])%97) == number(id[8:])
	case "0007": // Sweden, R049
		return len(id) == 10 && digitsOnly.MatchString(id) && luhn(id)
	}
	return true
}

func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// gln checks the last digit by weights 3, 1, 3, ... from the right.
func gln(id string) bool {
	sum := 0
	for i := range len(id) - 1 {
		weight := 1
		if (len(id)-2-i)%2 == 0 {
			weight = 3
		}
		sum += weight * int(id[i]-'0')
	}
	return (10-sum%10)%10 == int(id[len(id)-1]-'0')
}

// norwegian checks an organisation number of nine digits by modulo 11.
func norwegian(id string) bool {
	if number(id) == 0 {
		return false
	}
	sum := 0
	for i, weight := range []int{3, 2, 7, 6, 5, 4, 3, 2} {
		sum += weight * int(id[i]-'0')
	}
	return (11-sum%11)%11 == int(id[8]-'0')
}

// luhn checks the last digit, as cards and Swedish numbers have it.
func luhn(id string) bool {
	sum := 0
	for i := range len(id) {
		n := int(id[len(id)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// plausibleIBAN checks form and check digits (ISO 13616) of an account in capitals without spaces.
func plausibleIBAN(account string) bool {
	if len(account) < 15 || len(account) > 34 {
		return false
	}
	rest := 0
	for _, c := range []byte(account[4:] + account[:4]) {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}
