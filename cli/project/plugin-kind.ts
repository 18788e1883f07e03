/** What a plug-in that is begun with brings. */
export const PLUGIN_KINDS = ['engine', 'function', 'handler', 'store'] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];
