export declare const ANALYZE_FLAGS: readonly string[]
