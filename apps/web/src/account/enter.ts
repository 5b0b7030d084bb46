import { leave, tokens } from '../api.ts'

/** Goes to a page of the workspace with nothing left of whoever was here before. */
export function enter(path: string): void {
  tokens.forget()
  leave()
  location.assign(path)
}
