// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A contract wallet with one fault
contract FaultyWallet {
    enum Fault {
        ReturnsNothing,
        ShortAnswer,
        OtherMagic,
        DirtyMagic,
        TrueAsMagic,
        Reverts,
        RevertsWithMagic,
        BurnsGas,
        HugeAnswer,
        HugeRevert
    }

    Fault private immutable _fault;

    constructor(Fault fault) {
        _fault = fault;
    }

    fallback() external {
        Fault fault = _fault;
        if (fault == Fault.ReturnsNothing) _return(0, 0);
        // the right magic value, but for its last 28 bytes
        if (fault == Fault.ShortAnswer) _return(bytes4(0x1626ba7e), 4);
        if (fault == Fault.OtherMagic) _return(bytes4(0x1626ba7f), 32);
        if (fault == Fault.DirtyMagic) _return(bytes32(bytes4(0x1626ba7e)) | bytes32(uint256(1)), 32);
        if (fault == Fault.TrueAsMagic) _return(bytes32(uint256(1)), 32);
        if (fault == Fault.Reverts) revert("closed");
        if (fault == Fault.HugeAnswer) _return(bytes4(0xffffffff), 1_000_000);
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            if eq(fault, 6) {
                revert(0, 32)
            }
            if eq(fault, 9) {
                revert(0, 1000000)
            }
            invalid()
        }
    }

    function _return(bytes32 word, uint256 size) private pure {
        assembly {
            mstore(0, word)
            return(0, size)
        }
    }
}
