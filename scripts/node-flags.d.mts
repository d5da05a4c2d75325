export declare const ANALYZE_ENVIRONMENT: Readonly<Record<string, string>>
export declare const ANALYZE_FLAGS: readonly string[]
export declare const START_FLAGS: readonly string[]
