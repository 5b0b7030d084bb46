export function findChromium(env?: NodeJS.ProcessEnv): string | null
export function prepareChromium(): Promise<string>
