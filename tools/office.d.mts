export function findOffice(env?: NodeJS.ProcessEnv): string | null
export function prepareOffice(): Promise<string>
