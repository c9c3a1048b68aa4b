"""`cos-watermark setup`: what an account needs before functions can be deployed.

`answers.py` completes `.env`, asking where it must; `account.py` says whose account it is; each other file looks at one
subject and gives the steps of the plan for it; `command.py` shows the plan, asks, and applies it. A step that was cut
off is found half done by the next look, which makes a plan of the rest.
"""
