/** What has more tokens is not parsed: the parser takes 1 ms for 2 000 of them. */
export const MAX_PARSED_TOKENS = 10_000

/**
 * So many operator characters in a row, comments included, are not parsed: PostgreSQL's lexer is
 * quadratic in them. 16 000 empty comments take it 1.8 s, runs of 512 that fill a text 10 ms.
 */
export const MAX_OPERATOR_RUN = 512
