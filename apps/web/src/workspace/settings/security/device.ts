const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const

/** A device in words, from the user agent it gave; what is not understood stays as it is. */
export function deviceOf(agent: string | null): { name: string; phone: boolean } {
  if (!agent) return { name: 'Unknown device', phone: false }
  const browser = browsers.find(([sign]) => agent.includes(sign))?.[1]
  const system = systems.find(([sign]) => agent.includes(sign))?.[1]
  const phone = /iPhone|Android.*Mobile/.test(agent)
  const name = browser && system ? `${browser} on ${system}` : (browser ?? system ?? agent.slice(0, 80))
  return { name, phone }
}
