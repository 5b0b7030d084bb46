export function inVenv(tool?: string): string
export function findPython(): { python: string; version: string } | { missing: string }
export function preparePython(options?: { dev?: boolean; required?: boolean }): Promise<void>
export function pythonTrouble(): string | null
