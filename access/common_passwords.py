"""The passwords that guessing starts with, as far as the length rule lets them through."""

from typing import Final

COMMON_PASSWORDS: Final = frozenset(
    """
    0000000000 00000000000 000000000000 0123456789 01234567890 0987654321 1029384756 1111111111
    11111111111 111111111111 1111122222 1112223334 1122334455 112233445566 1212121212 121212121212
    123123123123 1231231234 1234512345 12345678900 1234567890 12345678901 123456789012 1234567890123
    1234567891 12345678910 1234567890a 1234567890q 1234567890qwerty 123456789a 123456789abc 123456789q
    123456abcdef 123456qwerty 1234abcd1234 1234qwer1234 1234qwerasdf 123qweasdzxc 123qwe123qwe 1472583690
    1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 2222222222
    3141592653 3333333333 4444444444 5555555555 6666666666 7777777777 8888888888 9876543210 9999999999
    a123456789 a1b2c3d4e5 aaaaaaaaaa aaaaaaaaaaaa abc123456789 abcd123456 abcd1234567 abcd12345678
    abcde12345 abcdef1234 abcdef123456 abcdefghij abcdefghijkl admin12345 admin123456 administrator
    alexander1 asdasdasdasd asdf1234asdf asdfasdfasdf asdfghjkl1 asdfghjkl123 asdfghjklq baseball12
    baseball123 basketball basketball1 butterfly1 california charlie123 chocolate1 computer123 cristiano7
    dragon12345 dragon123456 elizabeth1 football12 football123 framewright framewright1 framewright123
    hello12345 hello123456 helloworld helloworld1 hottie1234 iloveyou12 iloveyou123 iloveyou1234
    iloveyousomuch incorrect1 internet123 jennifer123 jordan12345 letmein123 letmein1234 letmeinnow
    liverpool1 liverpool123 manchester manchesterunited michael123 michelle123 minecraft1 minecraft123
    monkey12345 monkey123456 mustang123 myspace123 mypassword mypassword1 newpassword ninja12345
    opensesame p@ssw0rd123 p@ssword123 passw0rd123 passw0rd1234 password!! password01 password10
    password11 password12 password123 password123! password1234 password12345 password123456
    password123456789 password99 passwordpassword pa55word123 pokemon123 princess12 princess123 q1w2e3r4t5
    q1w2e3r4t5y6 qazwsx1234 qazwsx123456 qazwsxedcrfv qazwsxedcrfvtgb qqqqqqqqqq qwer1234qwer qwerasdfzxcv
    qwerty1234 qwerty12345 qwerty123456 qwerty1234567 qwerty123456789 qwertyqwerty qwertyuiop qwertyuiop1
    qwertyuiop12 qwertyuiop123 qwertyuiopasdfghjkl qwertyuiop[] samsung123 spiderman1 spiderman123
    starwars12 starwars123 sunshine12 sunshine123 superman12 superman123 test123456 test1234567
    testtest123 testtesttest trustno1trustno1 unknown123 welcome123 welcome1234 welcome12345 whatever12
    whatever123 xxxxxxxxxx zaq12wsxcde3 zxcvbnm123 zxcvbnm1234 zxcvbnmasd zxcvbnmasdfghjkl zzzzzzzzzz
    changeme123 correcthorsebatterystaple
    """.split()  # noqa: SIM905 - a quarter of the lines that a list would take
)
"""Case-folded. Shorter ones are not listed: the length rule refuses them anyway."""
