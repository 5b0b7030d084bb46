import { Problem } from '@realtime/contracts'
import type { Visit } from '../sessions.ts'

/** @throws Problem `forbidden` for everybody but an administrator of the instance */
export function assertAdministrator({ user }: Visit): void {
  if (!user.administrator) throw new Problem('forbidden', 'This is for administrators of this server.')
}
