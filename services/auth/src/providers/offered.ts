import type { Provider } from '@realtime/contracts'
import type { AuthConfig } from '../config.ts'

/** The providers that the configuration offers, in the order in which they are shown. */
export function offeredProviders(config: AuthConfig): Provider[] {
  const offered: Provider[] = []
  if (config.GOOGLE_CLIENT_ID) offered.push({ id: 'google', name: 'Google', kind: 'google' })
  if (config.GITHUB_CLIENT_ID) offered.push({ id: 'github', name: 'GitHub', kind: 'github' })
  if (config.OIDC_ISSUER) offered.push({ id: 'oidc', name: config.OIDC_NAME, kind: 'oidc' })
  return offered
}

/** What a provider is called; its id where it is offered no more. */
export function providerName(config: AuthConfig, id: string): string {
  return offeredProviders(config).find((provider) => provider.id === id)?.name ?? id
}
