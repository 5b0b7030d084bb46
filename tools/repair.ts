import { readFile } from 'node:fs/promises'
import { Problem } from '@realtime/contracts'
import { CannotRepair, repairDocument } from '@realtime/platform/repair'

// npm run repair <document> [file]: puts a state (a Yjs V1 update in a file), or all that can be read of the document's own
// log, in the place of what it has. Exit status 1 when it cannot, 2 when it was not told what.

const [id, file] = process.argv.slice(2)
if (id) {
  try {
    const state = file === undefined ? undefined : new Uint8Array(await readFile(file))
    const { epoch, seq } = await repairDocument(process.env, id, state)
    console.log(`${id} begins anew as epoch ${epoch}, at row ${seq}. What was there before is in its history.`)
  } catch (error) {
    const known =
      error instanceof Problem || error instanceof CannotRepair || (error as { code?: string }).code === 'ENOENT'
    if (!known) throw error
    console.error((error as Error).message)
    process.exitCode = 1
  }
} else {
  console.error('npm run repair <document> [file with a Yjs V1 update]')
  process.exitCode = 2
}
