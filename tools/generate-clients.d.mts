export function generateClients(options?: { only?: string[]; print?: (line: string) => void }): string[]
