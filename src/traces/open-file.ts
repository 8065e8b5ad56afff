/** The file that a configuration names by `path`, and how messages should call it. Throws if it is not there. */
export type OpenFile = (path: string) => { readonly path: string; readonly bytes: Uint8Array };
