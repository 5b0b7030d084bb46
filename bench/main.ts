// npm run bench [name…] [-- --json]: measures, and prints tables (or JSON) of figures and ratios.
import { parseArgs } from 'node:util'
import { editors } from './editors/editors.ts'
import { printTable, type Report } from './report.ts'

/** What can be measured, each in a run of its own. */
const benches: Record<string, () => Promise<Report>> = { editors }

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
const names = positionals.length > 0 ? positionals : Object.keys(benches)
const unknown = names.find((name) => !Object.hasOwn(benches, name))
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}". There is: ${Object.keys(benches).join(', ')}`)
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
