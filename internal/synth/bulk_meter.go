package synth

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// bulkMeter is a meter of a bulk month, with its parts of a row written beforehand.
type bulkMeter struct {
	meter
	tiers   []bulkTier
	old     uint64 // price before changeDay
	change  int    // day of the month on which the price changes, 0 for none
	minimum uint64 // quantities lie between these
	span    uint64
	head    []byte // columns 10 to 17, with a comma behind
	middle  []byte // columns 22 to 30
	unit36  []byte // column 36
}

// family is a kind of service that comes in sizes.
type family struct {
	category, service, resourceType, prefix, group, unit string
	use                                                  use
	sizes                                                []string
	price                                                uint64 // of the first size, in millionths
	grows                                                uint64 // percent of it that each further size adds
	special                                              special
	steps                                                []step
	publisher, publisherID                               string
}

var families = []family{
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "compute", unit: "1 Hour", use: hours, sizes: []string{"B2s", "B2ms", "B4ms", "B8ms"}, price: 41_600, grows: 90},
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "compute", unit: "1 Hour", use: hours, sizes: []string{"D2s v5", "D4s v5", "D8s v5", "D16s v5", "D32s v5"}, price: 115_000, grows: 100},
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "data", unit: "1 Hour", use: hours, sizes: []string{"E2s v5", "E4s v5", "E8s v5", "E16s v5", "E32s v5"}, price: 152_000, grows: 100},
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "compute", unit: "1 Hour", use: hours, sizes: []string{"F2s v2", "F4s v2", "F8s v2", "F16s v2"}, price: 97_000, grows: 100},
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vmss", group: "batch", unit: "1 Hour", use: hours, sizes: []string{"D2s v5 Spot", "D8s v5 Spot"}, price: 23_100, grows: 300, special: spot},
	{category: "Virtual Machines", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "batch", unit: "1 Hour", use: hours, sizes: []string{"D4as v5"}, price: 206_000, special: covered},
	{category: "Virtual Machines Licenses", service: "Microsoft.Compute", resourceType: "virtualMachines", prefix: "vm", group: "compute", unit: "1 Hour", use: hours, sizes: []string{"Borealis Linux Enterprise 2 vCPU", "Borealis Linux Enterprise 4 vCPU"}, price: 21_494, grows: 100, special: thirdParty, publisher: "Borealis Software", publisherID: "27770001"},
	{category: "Storage", service: "Microsoft.Compute", resourceType: "disks", prefix: "disk", group: "compute", unit: "1/Month", use: share, sizes: []string{"Premium SSD Managed Disks P10 LRS Disk", "Premium SSD Managed Disks P20 LRS Disk", "Premium SSD Managed Disks P30 LRS Disk", "Premium SSD Managed Disks P40 LRS Disk"}, price: 21_680_000, grows: 95},
	{category: "Storage", service: "Microsoft.Compute", resourceType: "disks", prefix: "osdisk", group: "compute", unit: "1/Month", use: share, sizes: []string{"Standard SSD Managed Disks E6 LRS Disk", "Standard SSD Managed Disks E10 LRS Disk", "Standard SSD Managed Disks E20 LRS Disk"}, price: 4_800_000, grows: 100},
	{category: "Storage", service: "Microsoft.Storage", resourceType: "storageAccounts", prefix: "st", group: "files", unit: "1 GB/Month", use: gigabytes, sizes: []string{"Hot LRS Data Stored", "Hot ZRS Data Stored", "Cool LRS Data Stored", "Cool ZRS Data Stored"}, price: 19_600, grows: 12},
	{category: "Storage", service: "Microsoft.Storage", resourceType: "storageAccounts", prefix: "st", group: "files", unit: "10K", use: operations, sizes: []string{"Hot LRS Write Operations", "Hot LRS Read Operations", "Cool LRS Write Operations"}, price: 5_400, grows: 40},
	{category: "SQL Database", service: "Microsoft.Sql", resourceType: "servers", prefix: "sql", group: "data", unit: "1 Hour", use: hours, sizes: []string{"General Purpose - Gen5 vCore", "Business Critical - Gen5 vCore", "Hyperscale - Gen5 vCore"}, price: 210_400, grows: 80},
	{category: "Azure Database for PostgreSQL", service: "Microsoft.DBforPostgreSQL", resourceType: "flexibleServers", prefix: "psql", group: "data", unit: "1 Hour", use: hours, sizes: []string{"Flexible Server Bsv2 vCore", "Flexible Server Dsv5 vCore", "Flexible Server Esv5 vCore"}, price: 43_000, grows: 110},
	{category: "Azure App Service", service: "Microsoft.Web", resourceType: "serverfarms", prefix: "plan", group: "web", unit: "1 Hour", use: hours, sizes: []string{"Basic B1 App", "Standard S1 App", "Premium v3 P1 App", "Premium v3 P2 App"}, price: 18_000, grows: 180},
	{category: "Redis Cache", service: "Microsoft.Cache", resourceType: "Redis", prefix: "redis", group: "web", unit: "1 Hour", use: hours, sizes: []string{"Basic C1 Cache", "Standard C1 Cache", "Standard C3 Cache"}, price: 55_000, grows: 130},
	{category: "Azure Cosmos DB", service: "Microsoft.DocumentDB", resourceType: "databaseAccounts", prefix: "cosmos", group: "data", unit: "1 Hour", use: hours, sizes: []string{"100 RU/s"}, price: 8_000},
	{category: "Virtual Network", service: "Microsoft.Network", resourceType: "publicIPAddresses", prefix: "pip", group: "network", unit: "1 Hour", use: hours, sizes: []string{"Standard IPv4 Static Public IP", "Basic IPv4 Dynamic Public IP"}, price: 5_000, grows: 20},
	{category: "Azure Firewall", service: "Microsoft.Network", resourceType: "azureFirewalls", prefix: "fw", group: "network", unit: "1 Hour", use: hours, sizes: []string{"Basic Deployment", "Standard Deployment"}, price: 395_000, grows: 216},
	{category: "VPN Gateway", service: "Microsoft.Network", resourceType: "virtualNetworkGateways", prefix: "vgw", group: "network", unit: "1 Hour", use: hours, sizes: []string{"VpnGw1AZ", "VpnGw2AZ"}, price: 190_000, grows: 158},
	{category: "Load Balancer", service: "Microsoft.Network", resourceType: "loadBalancers", prefix: "lb", group: "network", unit: "1 Hour", use: hours, sizes: []string{"Standard Included LB Rules and Outbound Rules"}, price: 25_000},
	{category: "Application Gateway", service: "Microsoft.Network", resourceType: "applicationGateways", prefix: "agw", group: "network", unit: "1 Hour", use: hours, sizes: []string{"Standard v2 Fixed Cost", "WAF v2 Fixed Cost"}, price: 246_000, grows: 80},
	{category: "Backup", service: "Microsoft.RecoveryServices", resourceType: "vaults", prefix: "rsv", group: "backup", unit: "1 GB/Month", use: gigabytes, sizes: []string{"LRS Data Stored", "GRS Data Stored"}, price: 22_400, grows: 100},
	{category: "Azure Monitor", service: "Microsoft.OperationalInsights", resourceType: "workspaces", prefix: "log", group: "ops", unit: "1 GB", use: gigabytes, sizes: []string{"Pay-as-you-go Data Ingestion", "Basic Logs Data Ingestion"}, price: 650_000, grows: 254},
	{category: "Key Vault", service: "Microsoft.KeyVault", resourceType: "vaults", prefix: "kv", group: "ops", unit: "10K", use: operations, sizes: []string{"Operations"}, price: 30_000},
	{category: "Container Registry", service: "Microsoft.ContainerRegistry", resourceType: "registries", prefix: "cr", group: "ops", unit: "1/Day", use: share, sizes: []string{"Basic Registry Unit", "Standard Registry Unit"}, price: 5_000_000, grows: 300},
	{category: "Bandwidth", service: "Microsoft.Network", resourceType: "virtualNetworks", prefix: "vnet", group: "network", unit: "1 GB", use: gigabytes, sizes: []string{"Data Transfer Out - Zone 1"}, price: 87_000, special: freeFirst, steps: freeLadder},
	{category: "Azure AI services", service: "Microsoft.CognitiveServices", resourceType: "accounts", prefix: "ai", group: "ai", unit: "1K", use: burst, sizes: []string{"Vision S1 Transactions"}, price: 750_000, special: tiered, steps: ladder},
}

var bulkRegions = []string{"EU West", "EU North", "DE West Central", "FR Central", "UK South"}

// bulkMeters are about three hundred meters: every size of every family in every region, the common ones mixed.
func bulkMeters() []*bulkMeter {
	var list []*bulkMeter
	for _, f := range families {
		for i, size := range f.sizes {
			for _, region := range bulkRegions {
				m := &bulkMeter{meter: meter{
					special: f.special, use: f.use, category: f.category, sku: size + " - " + region, region: region, unit: f.unit,
					service: f.service, resourceType: f.resourceType, prefix: f.prefix, group: f.group, publisher: f.publisher, publisherID: f.publisherID, steps: f.steps,
				}}
				price := f.price + f.price*f.grows/100*uint64(i)
				m.finish(len(list), price)
				list = append(list, m)
			}
		}
	}
	r := newRandom(0, 30)
	for i := range 3 { // some prices change in the month
		m := list[20+i*7]
		m.change, m.old = r.between(5, 25), m.tiers[0].price*11/10
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// finish gives a meter ids, tiers, quantities and its written parts.
func (m *bulkMeter) finish(i int, price uint64) {
	m.productID, m.skuID = "DZH318Z0"+base36(46656*13+i*151), base36(1296+i*5)
	m.availabilityID, m.id = "DZH318Z0"+base36(46656*17+i*173), fixedGUID("bulk "+m.category+" "+m.sku)
	if m.publisher == "" {
		m.publisher = microsoft
	}
	m.tiers = []bulkTier{{price: price}}
	if m.steps != nil {
		m.tiers = nil
		for _, s := range m.steps {
			t := bulkTier{price: price * uint64(s.percent) / 100} //nolint:gosec // not negative
			if s.to != openEnd {
				t.upTo = scaledUnits(s.to)
			}
			m.tiers = append(m.tiers, t)
		}
	}
	m.quantities()
	for _, s := range []string{m.productID, m.skuID, m.availabilityID, m.sku, m.category, m.publisher, m.publisherID, kindAzure} {
		m.head = append(appendField(m.head, s), ',')
	}
	for _, s := range []string{m.unit, m.category, m.id, m.category, m.sku, m.region, m.unit, location(m.region), m.service} {
		m.middle = append(appendField(m.middle, s), ',')
	}
	m.unit36 = append(appendField(nil, m.unit), ',')
}

// scaledUnits is a whole number of units in quantityScale.
func scaledUnits(text string) uint64 {
	var n uint64
	if _, err := fmt.Sscan(text, &n); err != nil {
		return 0 // the ladders are constants of ours
	}
	return n * 1_000_000
}

// quantities sets what a resource uses a day: at least minimum, at most span more.
func (m *bulkMeter) quantities() {
	switch m.use {
	case hours:
		m.minimum, m.span = 200_000, 23_800_000
	case share:
		m.minimum, m.span = 32_258, 0
	case gigabytes:
		m.minimum, m.span = 1, 12_000_000
	case operations:
		m.minimum, m.span = 1, 3_000_000
	default:
		m.minimum, m.span = 100_000, 40_000_000
	}
}

// priceOn is the tiers' table of a day.
func (m *bulkMeter) priceOn(day int, late bool) []bulkTier {
	if m.change > 0 && (late || day < m.change) {
		return []bulkTier{{price: m.old}}
	}
	return m.tiers
}

func millionths(n uint64) money.Decimal { return wide{low: n}.decimal(priceScale) }
