export * from './vocabulary.ts'
export * from './refusal.ts'
