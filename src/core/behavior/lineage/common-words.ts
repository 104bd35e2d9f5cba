/**
 * Words that say nothing about where a text came from, in canonical form: English function words, the
 * words of business mail, of software and its formats, places and names that everybody knows.
 */
const WORDS = `
a able about above accept accepted access account accounts acme across action actions activated
active actually ad adam add added additional address addresses adipiscing admin administrator adobe
afghanistan africa after again against age agent ago agree ahead air airbnb albania alex algeria
alice aliqua all allow allowed almost alone along already also alter although always am amazon
america american amet among amount amsterdam an and andorra andrew android angeles angola anna
annual another answer answers anthropic any anyone anything anyway apache api apis app apple
application applications apply appointment approval approve approved apps apr april arabia archive
archived are area areas argentina armenia around array arrive arrived article as asc ascii asia
asian ask asked asking assigned assist assistance assistant asus async at athens atlanta atlassian
attach attached attachment attachments attempt attention aud auf aug august austin australia
australian austria auth author auto automatic autumn available avenue average avoid await awaiting
away aws azerbaijan azure b back background backlog bad bahamas bahrain balance bangkok bangladesh
bank bar barbados barcelona base based basic basis baz be because become been before begin behind
beijing being belarus belgium believe belize below benin berlin best better between big bill billing
billion binary bing birth bit bitbucket black block blocked blog blue bmw board bob body bolivia
bonjour book booked booking books bool boolean bosnia boston bot both botswana bottom box boxes
branch brand brazil break bring britain british broken bronze brought brown browser brunei brussels
budget bug build building built bulgaria bulk burundi business but button buy by byte bytes c cache
cad cairo calendar california call callback called calls cambodia came cameroon can canada canadian
cancel canceled cancelled cannot car card cards care cart case cases cash category cause cell center
central cents ceo certain certificate cet cfo chad change changed changes channel character charge
chargeback charged charges charlie charset chat check checked checking checkout chf chicago child
chile china chinese choice choose chosen chris chrome cisco city claim class clean clear cli click
client clients close closed closes closing cloud club cny co code codes collection colombia color
column come comes coming command comment comments commit common community companies company complete
completed completion computer con condition confirm confirmation confirmed congo connect connected
connection consectetur consider constraint contact contacts contain contains content contents
continue contract control conversation cookie copenhagen copy core corp corporation correct cors
cost costa costs could count country county couple course court cover cpu create created credit
criteria critical crm croatia cron cross css csv cto cuba currency current currently customer
customers cut cyprus czech czechia daily dallas daniel danke dans dark das dashboard data database
date dates david day days deactivated deal dear debit debug dec december decide decision decline
declined deep default del delay delayed delete deleted delhi deliver delivered delivery dell demo
denmark denver department deploy deposit deprecated der des desc description design desk desktop
destination detail details dev developer development device devices did die diego difference
different digital direct direction directory disable disabled disclaimer discord discount discuss
dispatched display distance distinct district dns do docker docs document documents doe does dog
dollar dollars dolor dolore domain dominican done door double down download draft drive driver drop
dropbox dubai dublin due dummy duplicate during dutch e each early east easy ebay ecuador edge edit
editor education effect effort egypt eight ein eine either eiusmod electronic elit elite else email
emails emily emirates emma employee employees empty enable enabled end endpoint ends engine engineer
engineering england english enim enjoy enough ensure enter enterprise entire entry enum env
environment equal eric eritrea error errors escalated escalation essential est estimate estonia
eswatini ethiopia eur euro europe european euros eve even evening event events ever every everyone
everything example excel except exception exchange exe exist existing expect expected expensive
expire expired expires explain export express extra eye face facebook fact failed failure fair fall
false family far fast fax feature features feb february fedex fee feedback feel fees few field
fields fifth figma fiji file files fill filter final finally finance financial find fine finish
finland finnish firefox first fit five fix fixed flag flat flight flights float floor florida focus
folder follow following follows foo food foot for force foreign form format forward found four
fourth frame france francisco frank frankfurt free freemium french frequently fri friday friend
friends from front fulfilled full fully function fund funds fur further future gabon gain gambia
game games gate gateway gave gbp gcp gemini general geneva george georgia german germany get getting
ghana gif gift git github gitlab give given gives glad global gmail gmbh gmt go goal goals goes
going gold good goods google got government gpt gpu gracias grand grant great greece greek green
greetings grenada ground group groups growth guatemala guest guide guinea guyana guys gzip haben had
haiti half hallo hamburg hand handle happen happy hard has hash have having he head header headers
health healthy hear heart heavy height held hello help helpful helsinki henry her here hex hi hidden
high higher him his history hit hola hold holiday home homepage honduras hong hook hope hospital
host hostname hotel hotels hour hours house houston how however hr href html http https hubspot huge
human hundred hungary i ibm iceland id idea identifier idle idp if iframe ignore image images
immediately impact import important improve in inactive inbox inc incididunt include included
includes including income index india indian individual indonesia ineligible info information
initial initialized inner inprogress input inquiry inr insert inside instagram install installed
instance instead insurance int integer intel intercom interest interested interface internal
international internet into invalid inventory invite invoice invoices ios ip ipad iphone ipsum iran
iraq ireland irish is iso israel issue issued issues ist istanbul it italian italy item items its
itself ivory jack jake jamaica james jan jane january japan japanese java javascript jennifer
jessica jira job jobs joe john join jones jordan jose jpeg jpg jpy js json jul julia july jun june
just jwt kate kazakhstan kb keep kenya kept kevin key keys kind kindle kindly kingdom know known
kong korea korean kosovo kubernetes kuwait kyrgyzstan label labore land lane language languages
lanka laos large las last late later latest latvia launch laura law lead leader learn least leave
lebanon left legal length les lesotho less let letter level lib liberia library libya license
liechtenstein life light like likely limit limited linda line lines link linkedin links linux lisa
lisbon list listed lists lithuania little live llc load loan local localhost location locations lock
locked log login logo logs london long look looking lorem los lost lot love low lower ltd lucy luke
lunch luxembourg mac macbook macedonia macos madagascar made madrid magna mail main maintenance make
makes making malawi malaysia maldives male mali malta man manage management manager many map mar
march maria mark markdown market marketing mary mastercard match material matt matter mauritius max
maximum may maybe mb md me mean means media medical medium meet meeting meetings melbourne member
members memory men mention menu merci merged message messages messenger metadata method mexican
mexico miami michael microsoft middle might mike milan mile million mime min mind mine minim minimum
minute minutes miss missing mit mobile mode model modern module moldova moment mon monaco monday
money mongolia montenegro month monthly months more morning morocco moscow most mother mouse move
moved mozambique mozilla mp3 mp4 mr mrs ms much multipart multiple mumbai munich music must my
myanmar mysql na nairobi name names namibia national nature near nearly necessary need needed needs
negative nepal netflix netherlands network never new news newsletter next nicaragua nice nicht nick
niger nigeria night nil nine no node none nor noreply normal normally north norway norwegian not
note notes nothing notice notification notifications notion nov november now npm null number numbers
nvidia oauth object oct octet october of off offer offers office official offline offset often oh ok
okay okta old oliver oman on onboarding once one ones online only onto open openai opened opening
operation opportunity option optional options or oracle orange order ordered orders org organization
original os oslo other others our out outer outlook output outside outstanding over overall overdue
overview own owner package packages page pages paid pakistan palau palestine panama panel paper
papua para paragraph paraguay parent paris part partially parties partner parts party pass passed
passport password passwords past patch path paul pause paused pay payload payment payments paypal
pdf pending people per percent perfect performance period permission permissions person personal
peru peter philadelphia philippines phoenix phone photo php phrase pick picture piece pin ping
pinterest place placed placeholder plain plan plane plans platform platinum play player playstation
plc please plus pm png point points poland policies policy polish poor popular por portal portugal
portuguese position positive possible post posted postgres postgresql postman pour power powerpoint
practice prague prefer preferences premium preparing present press pretty preview previous price
prices primary print priority privacy private pro probably problem problems procedure process
processed processing prod product production products profile program project projects promo
promotion proposal protect provide provided provider provisioned pst public published purchase
purchased purpose push put python qatar quality quantity quarter que query question questions queue
queued quick quickly quite quote qux rachel random range rate rates rather rating raw reach
reachable react read reading ready real really reason receipt receive received recent recently
recipient recommend record records red reddit redis reduce ref refer reference refund refunded
refunds regard regarding regards regex regional register registered registration regular reject
rejected related release remain remaining remember remind reminder remote remove removed renewal
renewed rental reopened repeat replace replied reply repo report reports repository republic request
requested requests require required requires reservation reserve reset resolve resolved resource
resources respond response rest restaurant restricted result results resumed retired retry return
returned returns review reviews revoked rica richard right risk river road robert role roles
rollback romania rome room rooms root round route row rows ruby rule rules run running russia
russian rwanda ryan safari safe said salary sale sales salesforce sam same saml samoa sample samsung
san sap sarah sat satellite saturday saudi save saved say says schedule scheduled schema school
science scope screen script sdk sdks search seat seattle second seconds secret section secure
security sed see seem seen segment select selected self sell send sender sending senegal sense sent
sentence seoul sep separate sept september serbia series serious server service services session set
sets setting settings setup seven several shall shanghai share shared sharepoint she sheet ship
shipped shipping ships shop shopify short should show shows side sie sign signature signed silver
similar simple simply since sincerely singapore single siri sit site situation six size skip sku
skype sl slack slovakia slovenia slow small smart smith smtp snapchat snowflake so social software
sold somalia some someone something sony soon sophie sorry sort sound source sources south space
spain spam spanish speak special specific speed spend spotify spring sql sqlite sri ssh ssl sso
staff stage staging standard star start started starter starting starts state statement states
station status stay stderr stdin stdout step steps steve still stock stockholm stop stopped store
stored story stream street string stripe strong student study style sub subject submit subscribe
subscription subtotal succeeded success successful successfully such sudan suggest suite sum summary
summer sun sunday super supplier supply support sure suriname survey susan suspended svg sweden
swedish swiss switch switzerland sydney symbol sync syria system systems t table tag tags taiwan
tajikistan take taken takes talk tanzania target task tasks tax taylor tbd tcp team teams tech
technical technology tell tempor ten term terminated terms tesla test tester testing tests texas
text thailand than thank thanks that the their them then there these they thing things think third
this thomas those though thought thousand thread three through thu thur thurs thursday ticket
tickets tiktok tim time timeout times timestamp timezone tip title tls tmp to today todo together
togo token tokyo told tom toml tomorrow tonga tonight too took tool tools top topic toronto total
totals touch tour toward town track tracking trade traffic train training transaction transactions
transfer transit transport travel treat tree trello triage trial trialing trigger trip true trust
try trying tsv tue tues tuesday tunisia turkey turkish turkmenistan turn twilio twitter two txt type
types typescript uae uber ubuntu udp uganda ui uk ukraine ultra una unable unassigned und undefined
under understand une union unique unit units unknown unless unlocked unpaid unread unresolved
unsubscribed until unverified up update updated updates upgrade upload upon ups urgent uri url
urlencoded urls uruguay us usa usage usd use used useful user username users using usual usually utc
utf uuid uzbekistan vacant vacation valid value values vancouver varchar various vat vehicle vendor
venezuela veniam verified verify version very via video vienna vietnam view viewer virginia visa
visit voice void volume von vp vpn waiting walk wall walmart want wanted warehouse warm warning
warsaw was washington watch water way we weather web webhook webp website wed wednesday week weekly
weeks weight welcome well went were west what whatsapp when where whether which while white who
whole whose why wide width wifi wikipedia will william window windows wine winter wire wish with
within without woman women wonderful wontfix word wordpress words work worker workers working works
workspace world worth would write writing written wrong www xbox xlsx xml yahoo yaml yard yarn year
yearly years yellow yemen yes yesterday yet yml york you young your yours yourself youtube zambia
zapier zealand zendesk zero zimbabwe zip zone zoom zurich
`

const SIZE = 8192
let slots: Int32Array | undefined

/** True for a word of the list, given as canonical bytes. */
export function isCommonWord(bytes: Uint8Array, start: number, end: number): boolean {
  return isCommonMix(mix(bytes, start, end))
}

/** The same, given what `mix` makes of the word. */
export function isCommonMix(wanted: number): boolean {
  slots ??= buildSlots()
  for (let at = wanted & (SIZE - 1); ; at = (at + 1) & (SIZE - 1)) {
    const found = slots[at] ?? 0
    if (found === wanted) return true
    if (found === 0) return false
  }
}

function buildSlots(): Int32Array {
  const built = new Int32Array(SIZE)
  for (const word of WORDS.split(/\s+/)) {
    const bytes = Uint8Array.from(word, (character) => character.charCodeAt(0))
    const wanted = mix(bytes, 0, bytes.length)
    let at = wanted & (SIZE - 1)
    while (built[at] !== 0 && built[at] !== wanted) at = (at + 1) & (SIZE - 1)
    built[at] = wanted
  }
  return built
}

/**
 * FNV-1a, 32 bits, never 0.
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function mix(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash === 0 ? 1 : hash
}
