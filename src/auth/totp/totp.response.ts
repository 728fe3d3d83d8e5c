import { ApiProperty } from '@nestjs/swagger';

/** Shown once: the secret cannot be asked for again. */
export class TotpEnrolmentResponse {
  @ApiProperty({ example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', description: 'For typing into the app by hand' })
  secret!: string;

  @ApiProperty({ description: 'The same as an otpauth: link, for an app on this device' })
  otpauthUrl!: string;

  @ApiProperty({
    description: 'The link as a QR code for the app on another device: an SVG element to put into the page',
  })
  qrSvg!: string;
}
