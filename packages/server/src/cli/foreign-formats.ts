/** Databases of others whose fingerprints can be taken over. */
export const FOREIGN_FORMATS = ['recog', 'satori', 'p0f', 'fingerbank'] as const
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number]
