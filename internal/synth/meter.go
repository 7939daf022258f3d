package synth

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// use says how much of a meter a resource uses a day, and so what the quantities look like.
type use int

const (
	hours      use = iota // a machine: 24, or part of a day
	share                 // a thing priced a month: one day's part of it
	gigabytes             // storage and traffic
	operations            // blocks of calls
	trace                 // so little that a month of it truncates to 0.00
	burst                 // enough to pass a tier within the month
)

// special is what a feature makes of a meter.
type special int

const (
	plain special = iota
	changing
	tiered
	freeFirst
	covered // by a savings plan, in part
	reserved
	credited
	spot
	thirdParty
	marketplace // in no price sheet
	tiny
)

// meter is one row, or more with tiers, of the Azure plan's price sheet.
type meter struct {
	special                       special
	use                           use
	category, sku, region, unit   string
	service, resourceType, prefix string // Microsoft.Compute, virtualMachines, vm
	group                         string // resource group
	listed                        string // price that the month's varies around; of the highest tier
	publisher, publisherID        string

	productID, skuID, availabilityID, id string
	steps                                []step
	prices                               []validPrice // earliest first
}

// validPrice is a meter's price from a day on: one open tier, or its steps.
type validPrice struct {
	from  period.Date
	tiers []tier
}

// step is a tier as the catalogue writes it: its range and its price as a multiple of the listed one, in percent.
type step struct {
	from, to string
	percent  int64
}

var (
	ladder     = []step{{"1", "100", 140}, {"101", "1000", 100}, {"1001", openEnd, 65}}
	freeLadder = []step{{"0", "5", 0}, {"5", "1024", 100}, {"1024", openEnd, 95}}
)

const microsoft = "Microsoft"

// meters is the catalogue. Names and units are of the kind that Azure has; prices are invented.
func meters() []*meter {
	list := []*meter{
		{special: changing, use: hours, category: "Virtual Machines", sku: "D4s v5", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-app", group: "rg-app-prod", listed: "0.2304"},
		{use: hours, category: "Virtual Machines", sku: "B2ms", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-jump", group: "rg-hub", listed: "0.0912"},
		{use: share, category: "Storage", sku: "Premium SSD Managed Disks P20 LRS Disk", unit: "1/Month", service: "Microsoft.Compute", resourceType: "disks", prefix: "disk-data", group: "rg-app-prod", listed: "80.12"},
		{use: share, category: "Storage", sku: "Standard SSD Managed Disks E10 LRS Disk", unit: "1/Month", service: "Microsoft.Compute", resourceType: "disks", prefix: "disk-os", group: "rg-app-prod", listed: "9.6"},
		{use: hours, category: "SQL Database", sku: "General Purpose - Gen5 vCore", unit: "1 Hour", service: "Microsoft.Sql", resourceType: "servers", prefix: "sql-orders", group: "rg-data", listed: "0.2104"},
		{use: hours, category: "Azure App Service", sku: "Premium v3 P1 App", unit: "1 Hour", service: "Microsoft.Web", resourceType: "serverfarms", prefix: "plan-web", group: "rg-web", listed: "0.1625"},
		{use: hours, category: "Azure Database for PostgreSQL", sku: "Flexible Server Dsv5 vCore", unit: "1 Hour", service: "Microsoft.DBforPostgreSQL", resourceType: "flexibleServers", prefix: "psql-crm", group: "rg-data", listed: "0.1101"},
		{use: hours, category: "Azure Firewall", sku: "Standard Deployment", unit: "1 Hour", service: "Microsoft.Network", resourceType: "azureFirewalls", prefix: "fw-hub", group: "rg-hub", listed: "1.25"},
		{use: hours, category: "Virtual Network", sku: "Standard IPv4 Static Public IP", unit: "1 Hour", service: "Microsoft.Network", resourceType: "publicIPAddresses", prefix: "pip-web", group: "rg-hub", listed: "0.005"},
		{use: gigabytes, category: "Storage", sku: "Hot ZRS Data Stored", unit: "1 GB/Month", service: "Microsoft.Storage", resourceType: "storageAccounts", prefix: "stfiles", group: "rg-files", listed: "0.0245"},
		{use: gigabytes, category: "Backup", sku: "Standard LRS Data Stored", unit: "1 GB/Month", service: "Microsoft.RecoveryServices", resourceType: "vaults", prefix: "rsv-backup", group: "rg-backup", listed: "0.0224"},
		{special: tiered, use: burst, category: "Azure AI services", sku: "Vision S1 Transactions", unit: "1K", service: "Microsoft.CognitiveServices", resourceType: "accounts", prefix: "ai-scan", group: "rg-ai", listed: "0.75", steps: ladder},
		{special: freeFirst, use: burst, category: "Bandwidth", sku: "Data Transfer Out - Zone 1", unit: "1 GB", service: "Microsoft.Network", resourceType: "virtualNetworks", prefix: "vnet-hub", group: "rg-hub", listed: "0.087", steps: freeLadder},
		{special: covered, use: hours, category: "Virtual Machines", sku: "E2s v5", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-batch", group: "rg-batch", listed: "0.3264"},
		{special: reserved, use: hours, category: "Virtual Machines", sku: "E4 v5", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-erp", group: "rg-erp", listed: "0.2694"},
		{special: credited, use: gigabytes, category: "Azure Monitor", sku: "Pay-as-you-go Data Ingestion", unit: "1 GB", service: "Microsoft.OperationalInsights", resourceType: "workspaces", prefix: "log-ops", group: "rg-ops", listed: "2.16"},
		{special: spot, use: hours, category: "Virtual Machines", sku: "D2s v5 Spot", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-render", group: "rg-batch", listed: "0.08968"},
		{special: thirdParty, use: hours, category: "Virtual Machines Licenses", sku: "Borealis Linux Enterprise 2 vCPU", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-linux", group: "rg-app-prod", listed: "0.0214943290796263", publisher: "Borealis Software", publisherID: "27770001"},
		{special: marketplace, use: hours, category: "Virtual Machine Licenses", sku: "Palisade WAF - 1 Core Hours", unit: "1 Hour", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm-waf", group: "rg-hub", listed: "0.122", publisher: "Palisade Networks, Inc.", publisherID: "21223810"},
		{special: tiny, use: operations, category: "Storage", sku: "Hot LRS Write Operations", unit: "10K", service: "Microsoft.Storage", resourceType: "storageAccounts", prefix: "stlogs", group: "rg-ops", listed: "0.004708"},
		{special: tiny, use: trace, category: "Storage", sku: "Tables - LRS Data Stored", unit: "1 GB/Month", service: "Microsoft.Storage", resourceType: "storageAccounts", prefix: "stdiag", group: "rg-ops", listed: "0.045"},
	}
	for i, m := range list {
		m.identify(i)
	}
	return list
}

// identify gives the meter its ids, which are the same in every month.
func (m *meter) identify(i int) {
	m.region = pick(newRandom(uint64(i), 7), []string{"EU West", "EU North", "DE West Central"}) //nolint:gosec // a small index
	m.productID, m.skuID = fmt.Sprintf("DZH318Z0%s", base36(46656*7+i*1291)), base36(1296+i*37)
	m.availabilityID = fmt.Sprintf("DZH318Z0%s", base36(46656*11+i*2711))
	m.id = fixedGUID("meter " + m.category + " " + m.sku)
	if m.special == marketplace {
		m.id = "1core"
	}
	if m.publisher == "" {
		m.publisher = microsoft
	}
	if m.special != marketplace {
		m.sku += " - " + m.region
	}
}

// base36 is n in capital base-36 digits, cut to or filled up to the four that ids have.
func base36(n int) string {
	const width = 4
	s := []byte(strconv.FormatInt(int64(n), 36))
	for i := range s {
		if s[i] >= 'a' {
			s[i] -= 'a' - 'A'
		}
	}
	for len(s) < width {
		s = slices.Insert(s, 0, '0')
	}
	return string(s[len(s)-width:])
}

// price sets what the meter costs, and the changes in it if the month has them.
func (m *meter) price(r *random, c Config) {
	listed := money.MustParse(m.listed)
	base := listed
	if m.special != thirdParty { // whose price has as many decimals as there are
		base = varied(r, listed, 92, 112)
	}
	m.prices = []validPrice{{always, m.ladder(base, listed.Scale())}}
	if m.special == changing && c.has(PriceChange) {
		first, last := 3, 27
		if c.has(RareCases) {
			first, last = 2, 31
		}
		m.prices = append(m.prices,
			validPrice{c.Period.First(), m.ladder(varied(r, base, 105, 130), 4)},
			validPrice{r.day(c.Period, first, last), m.ladder(varied(r, base, 85, 99), 4)})
	}
}

// always is the day on which the sheet's prices begin.
var always = period.NewDate(2018, 3, 1)

// ladder is the meter's steps at a price.
func (m *meter) ladder(base money.Decimal, scale int32) []tier {
	if m.steps == nil {
		return []tier{{open: true, price: base}}
	}
	tiers := make([]tier, 0, len(m.steps))
	for _, s := range m.steps {
		tiers = append(tiers, tier{
			from: s.from, to: s.to, upTo: money.MustParse(s.to), open: s.to == openEnd,
			price: cut(percentOf(base, money.FromInt(s.percent)), scale),
		})
	}
	return tiers
}

// varied is a number between low and high percent of x, with x's decimals.
func varied(r *random, x money.Decimal, low, high int) money.Decimal {
	return cut(percentOf(x, money.FromInt(int64(r.between(low, high)))), max(2, x.Scale()))
}

func cut(x money.Decimal, scale int32) money.Decimal { return x.Round(money.HalfUp, scale).Trim() }

// tiersOn are the meter's steps on a day.
func (m *meter) tiersOn(d period.Date) []tier {
	tiers := m.prices[0].tiers
	for _, p := range m.prices {
		if !d.Before(p.from) {
			tiers = p.tiers
		}
	}
	return tiers
}

// accumulates says whether the month's earlier units count for the price.
func (m *meter) accumulates() bool { return m.steps != nil }

// earnsPEC says whether the product is eligible for partner earned credit (B3).
func (m *meter) earnsPEC() bool {
	return m.special != spot && m.special != thirdParty && m.special != marketplace
}
