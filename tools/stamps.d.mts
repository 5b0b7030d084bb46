export interface HashOptions {
  extra?: string[]
  skip?: (path: string) => boolean
}
export function hashOf(base: string, paths: string[], options?: HashOptions): string
export function isFresh(stamp: string, hash: string): boolean
export function writeStamp(stamp: string, hash: string): void
