// npm run bench [name…] [-- --json]: measures, and prints tables (or JSON) of figures and ratios.
import { parseArgs } from 'node:util'
import { editors } from './editors/editors.ts'
import { realtime, scenarioNames } from './realtime/realtime.ts'
import { printTable, type Report } from './report.ts'

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, profile: { type: 'string' } },
  allowPositionals: true,
})
const scenarios = positionals.filter((name) => scenarioNames.includes(name))

/** What can be measured, each in a run of its own. */
const benches: Record<string, () => Promise<Report>> = {
  editors,
  realtime: () => realtime({ only: scenarios, quick: values.quick ?? false, profiles: values.profile ?? null }),
}

const asked = positionals.filter((name) => !scenarioNames.includes(name))
const names = asked.length > 0 ? asked : scenarios.length > 0 ? ['realtime'] : Object.keys(benches)
const unknown = names.find((name) => !Object.hasOwn(benches, name))
if (unknown !== undefined) {
  const known = [...Object.keys(benches), ...scenarioNames]
  console.error(`There is no bench "${unknown}". There is: ${known.join(', ')}`)
  process.exit(1)
}
const reports: Report[] = []
for (const name of names) {
  const report = await benches[name]?.()
  if (!report) continue
  reports.push(report)
  if (!values.json) printTable(report)
}
if (values.json) console.log(JSON.stringify(reports, null, 2))
