"""The tables of a small day: three visits of two clients, one of them a double-up, and two carers."""
SETTINGS = '{"date": "2026-11-23"}'
VISITS = ('visit_id,client_id,latitude,longitude,band,duration,carers,skills\n'
          'V1,C1,55.89,-3.07,morning,30,1,medication\n'
          'V2,C2,55.90,-3.08,lunch,0:45,2,\n'
          'V3,C1,,,bed,30,1,\n')
CARERS = ('carer_id,shift_start,shift_end,skills\n'
          'ANN,07:00,15:00,medication\n'
          'BOB,11:00,22:00,\n')
