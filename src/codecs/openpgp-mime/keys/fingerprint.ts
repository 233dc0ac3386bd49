/** Upper-case hexadecimal digits of an OpenPGP fingerprint: 40 in version 4 (RFC 9580, section 5.5.4.2), 64 in version 6. */
export type Fingerprint = string;
