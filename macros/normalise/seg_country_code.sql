{#- A country as its two letters of ISO 3166-1, or null: FR, fr, FRA, France. All codes of two and three letters are known, and the
    names of common countries in English, French and their own language. UK and EL, which the EU uses, are GB and GR. -#}
{% macro seg_country_code(expression) %}
  {%- set codes = {'UK': 'GB', 'EL': 'GR'} -%}
  {%- for code in dbt_segmentation._seg_country_codes() -%}{%- do codes.update({code: code}) -%}{%- endfor -%}
  {%- for entry in dbt_segmentation._seg_country_codes_of_three() -%}{%- do codes.update({entry[:3]: entry[4:]}) -%}{%- endfor -%}
  {%- for name, code in dbt_segmentation._seg_country_names().items() -%}{%- do codes.update({name | upper: code}) -%}{%- endfor -%}
  {{ return(dbt_segmentation.seg_lookup('upper(' ~ dbt_segmentation.seg_match_text(expression) ~ ')', codes)) }}
{% endmacro %}


{% macro _seg_country_codes() %}
  {{ return((
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' ~
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' ~
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' ~
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' ~
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' ~
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' ~
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' ')) }}
{% endmacro %}


{% macro _seg_country_codes_of_three() %}
  {{ return((
    'ABW:AW AFG:AF AGO:AO AIA:AI ALA:AX ALB:AL AND:AD ARE:AE ARG:AR ARM:AM ASM:AS ATA:AQ ATF:TF ATG:AG AUS:AU ' ~
    'AUT:AT AZE:AZ BDI:BI BEL:BE BEN:BJ BES:BQ BFA:BF BGD:BD BGR:BG BHR:BH BHS:BS BIH:BA BLM:BL BLR:BY BLZ:BZ ' ~
    'BMU:BM BOL:BO BRA:BR BRB:BB BRN:BN BTN:BT BVT:BV BWA:BW CAF:CF CAN:CA CCK:CC CHE:CH CHL:CL CHN:CN CIV:CI ' ~
    'CMR:CM COD:CD COG:CG COK:CK COL:CO COM:KM CPV:CV CRI:CR CUB:CU CUW:CW CXR:CX CYM:KY CYP:CY CZE:CZ DEU:DE ' ~
    'DJI:DJ DMA:DM DNK:DK DOM:DO DZA:DZ ECU:EC EGY:EG ERI:ER ESH:EH ESP:ES EST:EE ETH:ET FIN:FI FJI:FJ FLK:FK ' ~
    'FRA:FR FRO:FO FSM:FM GAB:GA GBR:GB GEO:GE GGY:GG GHA:GH GIB:GI GIN:GN GLP:GP GMB:GM GNB:GW GNQ:GQ GRC:GR ' ~
    'GRD:GD GRL:GL GTM:GT GUF:GF GUM:GU GUY:GY HKG:HK HMD:HM HND:HN HRV:HR HTI:HT HUN:HU IDN:ID IMN:IM IND:IN ' ~
    'IOT:IO IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL ITA:IT JAM:JM JEY:JE JOR:JO JPN:JP KAZ:KZ KEN:KE KGZ:KG KHM:KH ' ~
    'KIR:KI KNA:KN KOR:KR KWT:KW LAO:LA LBN:LB LBR:LR LBY:LY LCA:LC LIE:LI LKA:LK LSO:LS LTU:LT LUX:LU LVA:LV ' ~
    'MAC:MO MAF:MF MAR:MA MCO:MC MDA:MD MDG:MG MDV:MV MEX:MX MHL:MH MKD:MK MLI:ML MLT:MT MMR:MM MNE:ME MNG:MN ' ~
    'MNP:MP MOZ:MZ MRT:MR MSR:MS MTQ:MQ MUS:MU MWI:MW MYS:MY MYT:YT NAM:NA NCL:NC NER:NE NFK:NF NGA:NG NIC:NI ' ~
    'NIU:NU NLD:NL NOR:NO NPL:NP NRU:NR NZL:NZ OMN:OM PAK:PK PAN:PA PCN:PN PER:PE PHL:PH PLW:PW PNG:PG POL:PL ' ~
    'PRI:PR PRK:KP PRT:PT PRY:PY PSE:PS PYF:PF QAT:QA REU:RE ROU:RO RUS:RU RWA:RW SAU:SA SDN:SD SEN:SN SGP:SG ' ~
    'SGS:GS SHN:SH SJM:SJ SLB:SB SLE:SL SLV:SV SMR:SM SOM:SO SPM:PM SRB:RS SSD:SS STP:ST SUR:SR SVK:SK SVN:SI ' ~
    'SWE:SE SWZ:SZ SXM:SX SYC:SC SYR:SY TCA:TC TCD:TD TGO:TG THA:TH TJK:TJ TKL:TK TKM:TM TLS:TL TON:TO TTO:TT ' ~
    'TUN:TN TUR:TR TUV:TV TWN:TW TZA:TZ UGA:UG UKR:UA UMI:UM URY:UY USA:US UZB:UZ VAT:VA VCT:VC VEN:VE VGB:VG ' ~
    'VIR:VI VNM:VN VUT:VU WLF:WF WSM:WS XKK:XK YEM:YE ZAF:ZA ZMB:ZM ZWE:ZW'
  ).split(' ')) }}
{% endmacro %}


{#- Names as seg_match_text gives them. -#}
{% macro _seg_country_names() %}
  {{ return({
    'france': 'FR', 'belgium': 'BE', 'belgique': 'BE', 'switzerland': 'CH', 'suisse': 'CH', 'luxembourg': 'LU',
    'monaco': 'MC', 'germany': 'DE', 'allemagne': 'DE', 'austria': 'AT', 'autriche': 'AT', 'italy': 'IT',
    'italie': 'IT', 'spain': 'ES', 'espagne': 'ES', 'portugal': 'PT', 'netherlands': 'NL', 'pays bas': 'NL',
    'united kingdom': 'GB', 'royaume uni': 'GB', 'ireland': 'IE', 'irlande': 'IE', 'united states': 'US',
    'etats unis': 'US', 'canada': 'CA', 'denmark': 'DK', 'danemark': 'DK', 'sweden': 'SE', 'suede': 'SE',
    'norway': 'NO', 'norvege': 'NO', 'finland': 'FI', 'finlande': 'FI', 'iceland': 'IS', 'islande': 'IS',
    'poland': 'PL', 'pologne': 'PL', 'czechia': 'CZ', 'tchequie': 'CZ', 'slovakia': 'SK', 'slovaquie': 'SK',
    'hungary': 'HU', 'hongrie': 'HU', 'romania': 'RO', 'roumanie': 'RO', 'bulgaria': 'BG', 'bulgarie': 'BG',
    'greece': 'GR', 'grece': 'GR', 'croatia': 'HR', 'croatie': 'HR', 'slovenia': 'SI', 'slovenie': 'SI',
    'estonia': 'EE', 'estonie': 'EE', 'latvia': 'LV', 'lettonie': 'LV', 'lithuania': 'LT', 'lituanie': 'LT',
    'malta': 'MT', 'malte': 'MT', 'cyprus': 'CY', 'chypre': 'CY', 'turkiye': 'TR', 'turquie': 'TR', 'russia': 'RU',
    'russie': 'RU', 'ukraine': 'UA', 'morocco': 'MA', 'maroc': 'MA', 'algeria': 'DZ', 'algerie': 'DZ',
    'tunisia': 'TN', 'tunisie': 'TN', 'senegal': 'SN', 'cote d ivoire': 'CI', 'cameroon': 'CM', 'cameroun': 'CM',
    'china': 'CN', 'chine': 'CN', 'japan': 'JP', 'japon': 'JP', 'south korea': 'KR', 'coree du sud': 'KR',
    'india': 'IN', 'inde': 'IN', 'brazil': 'BR', 'bresil': 'BR', 'mexico': 'MX', 'mexique': 'MX', 'argentina': 'AR',
    'argentine': 'AR', 'australia': 'AU', 'australie': 'AU', 'new zealand': 'NZ', 'nouvelle zelande': 'NZ',
    'south africa': 'ZA', 'afrique du sud': 'ZA', 'israel': 'IL', 'united arab emirates': 'AE',
    'emirats arabes unis': 'AE', 'deutschland': 'DE', 'osterreich': 'AT', 'schweiz': 'CH', 'svizzera': 'CH',
    'italia': 'IT', 'espana': 'ES', 'nederland': 'NL', 'holland': 'NL', 'hollande': 'NL', 'belgie': 'BE',
    'great britain': 'GB', 'england': 'GB', 'scotland': 'GB', 'wales': 'GB', 'grande bretagne': 'GB',
    'angleterre': 'GB', 'united states of america': 'US', 'etats unis d amerique': 'US', 'the netherlands': 'NL',
    'czech republic': 'CZ', 'republique tcheque': 'CZ', 'turkey': 'TR', 'ivory coast': 'CI',
    'france metropolitaine': 'FR', 'russian federation': 'RU', 'polska': 'PL', 'sverige': 'SE', 'danmark': 'DK',
    'norge': 'NO', 'suomi': 'FI',
  }) }}
{% endmacro %}
