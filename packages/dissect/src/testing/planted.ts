/** Names, numbers and secrets that the samples carry where a person's stand; also as Base64. */
export const PLANTED = /planted|jane|UExB/i
