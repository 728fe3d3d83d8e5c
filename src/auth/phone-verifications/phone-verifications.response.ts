import { ApiProperty } from '@nestjs/swagger';

export class PhoneVerifiedResponse {
  @ApiProperty({ enum: [true], description: 'A wrong code is a problem, as everywhere' })
  verified!: true;

  @ApiProperty({ example: '+12025550123' })
  phone!: string;

  @ApiProperty({
    description:
      'JWT, ES256, type phone-proof+jwt, for 5 minutes: iss, aud (the client id), phone_number, phone_number_verified, iat, exp, jti',
  })
  proof!: string;
}
