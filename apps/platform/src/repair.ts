import { join } from 'node:path'
import { call, documentInternal } from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { readSecrets } from './supervisor/secrets.ts'
import { readSettings } from './supervisor/settings.ts'
import { readState } from './supervisor/state.ts'

/** There is nothing here to repair with; the message says what is missing. */
export class CannotRepair extends Error {}

/**
 * Puts a state (a Yjs V1 update) in the place of a document's, or all that can be read of its own log when none is given.
 * The document service is that of `DOCUMENT_INTERNAL_URL` and `DOCUMENT_SERVICE_SECRET`, else of the platform that runs
 * in the data folder.
 * @throws CannotRepair, Problem `not-found`, `invalid-update`, `unavailable`
 */
export async function repairDocument(
  env: NodeJS.ProcessEnv,
  id: string,
  state: Uint8Array = new Uint8Array(),
): Promise<{ epoch: string; seq: number }> {
  const { url, secret } = serviceOf(env)
  const caller = serviceCaller({ from: 'operator', to: 'document', url, secret, timeoutMs: 120_000 })
  return call(caller, documentInternal.replace, { params: { id }, body: state })
}

function serviceOf(env: NodeJS.ProcessEnv): { url: string; secret: string } {
  const given = env.DOCUMENT_INTERNAL_URL
  const { dataDir } = given ? { dataDir: '' } : readSettings(env)
  const url = given || readState(dataDir)?.documentUrl
  if (!url) throw new CannotRepair('The platform does not run here: start it, or set DOCUMENT_INTERNAL_URL.')
  const secret =
    env.DOCUMENT_SERVICE_SECRET ||
    (given ? undefined : readSecrets(join(dataDir, 'secrets.json')).DOCUMENT_SERVICE_SECRET)
  if (!secret) throw new CannotRepair('DOCUMENT_SERVICE_SECRET is not set.')
  return { url, secret }
}
