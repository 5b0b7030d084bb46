export function checkNode(version?: string): void
export function preparePackages(): Promise<void>
export function prepareClients(): Promise<void>
export function isWebFresh(hash?: string): boolean
export function prepareWeb(): Promise<void>
