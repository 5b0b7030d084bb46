import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A part's log on disk. */
export interface LogFile {
  path: string
  /** Appends a line. */
  write(line: string): void
  close(): void
}

/** Opens `<folder>/<name>.log`; beyond `maxBytes` it becomes `.log.1`, that one `.log.2`, and so on up to `keep`. */
export function openLog(folder: string, name: string, maxBytes = 10 * 1024 * 1024, keep = 3): LogFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  let descriptor = openSync(path, 'a', 0o600)
  let size = fstatSync(descriptor).size
  const rotate = () => {
    closeSync(descriptor)
    for (let index = keep - 1; index >= 0; index--) {
      try {
        renameSync(index === 0 ? path : `${path}.${index}`, `${path}.${index + 1}`)
      } catch {
        // There are not that many yet.
      }
    }
    descriptor = openSync(path, 'a', 0o600)
    size = 0
  }
  return {
    path,
    write(line) {
      const bytes = Buffer.from(`${line}\n`)
      try {
        if (size > 0 && size + bytes.length > maxBytes) rotate()
        writeSync(descriptor, bytes)
        size += bytes.length
      } catch {
        // A full disk must not end the supervisor; the part itself goes on.
      }
    },
    close: () => closeSync(descriptor),
  }
}
