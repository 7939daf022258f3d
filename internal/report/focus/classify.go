package focus

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// categoryOf is what a line is to FOCUS. Only what covers charges to come is a purchase: a licence or a service is
// used in its own service period, so that its cost is effective there.
func categoryOf(l *billing.Line) category {
	switch {
	case l.Kind == billing.KindCarryForward, l.Kind == billing.KindRounding, l.Kind == billing.KindMinimumFee:
		return categoryAdjustment
	case l.ChargeType == string(rating.ChargeCredit):
		return categoryCredit
	case l.Category == rating.Reservation, l.Category == rating.SavingsPlan:
		return categoryPurchase
	default:
		return categoryUsage
	}
}

func frequencyOf(l *billing.Line, c category) frequency {
	switch {
	case c == categoryCredit, c == categoryAdjustment, l.Category == rating.Perpetual:
		return frequencyOneTime
	case l.Category == rating.AzurePlan, l.Category == rating.ThirdParty && l.MeterID != "":
		return frequencyUsage
	default:
		return frequencyRecurring
	}
}

// pricingCategory: a commitment's price, or the price that holds for everybody of this customer's terms.
func pricingCategory(l *billing.Line) string {
	if l.Category == rating.Reservation || l.Category == rating.SavingsPlan {
		return "Committed"
	}
	return "Standard"
}

// publisherOf is who made the product. A line of the marketplace does not say whose product it is.
func publisherOf(l *billing.Line, partner string) string {
	switch {
	case l.Kind == billing.KindService, l.Kind == billing.KindMinimumFee, l.Kind == billing.KindRounding, l.Category == billing.CategoryService:
		return partner
	case l.Category == rating.ThirdParty:
		return "Third party"
	default:
		return "Microsoft"
	}
}

// service is FOCUS's service: its name, and the one category and subcategory that it belongs to.
type service struct{ name, category, subcategory string }

var (
	serviceTax     = service{"Tax", "Other", "Other (Other)"}
	serviceBalance = service{"Adjustments", "Other", "Other (Other)"}
	serviceOwn     = service{"Partner services", "Management and Governance", "Support"}
	serviceAzure   = service{"Azure", "Other", "Other (Other)"}
)

// byProduct are the services of the product categories that have but one.
var byProduct = map[string]service{
	rating.Licence:          {"Microsoft licences", "Business Applications", "Productivity and Collaboration"},
	rating.Software:         {"Software subscriptions", "Business Applications", "Other (Business Applications)"},
	rating.Perpetual:        {"Perpetual software", "Business Applications", "Other (Business Applications)"},
	rating.Reservation:      {"Azure reservations", "Compute", "Other (Compute)"},
	rating.SavingsPlan:      {"Azure savings plan", "Compute", "Other (Compute)"},
	rating.ThirdParty:       {"Marketplace", "Other", "Other (Other)"},
	billing.CategoryService: serviceOwn,
}

// azureServices are Azure's services as meters and products are named after them.
var azureServices = []service{
	{"API Management", "Integration", "API Management"},
	{"Application Gateway", "Networking", "Application Networking"},
	{"Application Insights", "Management and Governance", "Observability"},
	{"Azure App Service", "Web", "Application Platforms"},
	{"Azure Bastion", "Networking", "Network Security"},
	{"Azure Cosmos DB", "Databases", "NoSQL Databases"},
	{"Azure Data Factory", "Analytics", "Data Processing"},
	{"Azure Database for MySQL", "Databases", "Relational Databases"},
	{"Azure Database for PostgreSQL", "Databases", "Relational Databases"},
	{"Azure Databricks", "Analytics", "Analytics Platforms"},
	{"Azure DevOps", "Developer Tools", "Developer Platforms"},
	{"Azure DNS", "Networking", "Network Infrastructure"},
	{"Azure Firewall", "Networking", "Network Security"},
	{"Azure Front Door", "Networking", "Content Delivery"},
	{"Azure Kubernetes Service", "Compute", "Containers"},
	{"Azure Monitor", "Management and Governance", "Observability"},
	{"Azure OpenAI", "AI and Machine Learning", "Generative AI"},
	{"Azure SQL Database", "Databases", "Relational Databases"},
	{"Backup", "Storage", "Backup Storage"},
	{"Bandwidth", "Networking", "Network Connectivity"},
	{"Container Registry", "Compute", "Containers"},
	{"Event Hubs", "Integration", "Messaging"},
	{"ExpressRoute", "Networking", "Network Connectivity"},
	{"Functions", "Compute", "Serverless Compute"},
	{"Key Vault", "Security", "Secret Management"},
	{"Load Balancer", "Networking", "Network Routing"},
	{"Log Analytics", "Management and Governance", "Observability"},
	{"Logic Apps", "Integration", "Workflow Orchestration"},
	{"Microsoft Defender for Cloud", "Security", "Security Posture Management"},
	{"Redis Cache", "Databases", "Caching"},
	{"SQL Database", "Databases", "Relational Databases"},
	{"Sentinel", "Security", "Threat Detection and Response"},
	{"Service Bus", "Integration", "Messaging"},
	{"Storage", "Storage", "Other (Storage)"},
	{"Virtual Machines", "Compute", "Virtual Machines"},
	{"Virtual Network", "Networking", "Network Infrastructure"},
	{"VPN Gateway", "Networking", "Network Connectivity"},
}

func serviceOf(l *billing.Line) service {
	switch {
	case l.Kind == billing.KindService:
		return serviceOwn
	case l.Kind == billing.KindCarryForward, l.Kind == billing.KindRounding, l.Kind == billing.KindMinimumFee:
		return serviceBalance
	case l.Category == rating.AzurePlan:
		return azureService(l)
	}
	if s, ok := byProduct[l.Category]; ok {
		return s
	}
	return serviceBalance
}

// azureService recognises a service at the beginning of the line's group or description.
func azureService(l *billing.Line) service {
	for _, text := range []string{l.Group, l.Description} {
		for _, s := range azureServices {
			if begins(text, s.name) {
				return s
			}
		}
	}
	return serviceAzure
}

// begins says whether the text begins with the words, and these end there.
func begins(text, head string) bool {
	if len(text) < len(head) || !strings.EqualFold(text[:len(head)], head) {
		return false
	}
	rest := text[len(head):]
	return rest == "" || strings.ContainsRune(" ,:;-(/", rune(rest[0]))
}
