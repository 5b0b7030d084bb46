/** The composition root: every service by name, and the settings of the whole. */
export { type ServiceName, serviceNames, services } from './services.ts'
export { platformConfig } from './supervisor/settings.ts'
